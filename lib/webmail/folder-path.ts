import { MailError } from './mail-error.ts';

/** A folder name as a person types it, as IMAP path: levels trimmed, empty ones gone. Throws MailError InvalidRequest. */
export function parseFolderPath(name: string): string {
  const path = name
    .normalize('NFC')
    .split('/')
    .map((level) => level.trim())
    .filter(Boolean)
    .join('/');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (path === '' || path.length > 200 || /[\u0000-\u001f\u007f*%]/.test(path)) throw new MailError('InvalidRequest', name);
  return path;
}
