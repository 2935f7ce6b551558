import { messagesFor } from '../../i18n/messages.ts';
import { MailError } from '../connection/mail-error.ts';
import { normalForm } from '../../mime/normal-form.ts';

/** A folder name as a person types it, as IMAP path: levels trimmed, empty ones gone. Throws MailError InvalidRequest. */
export function parseFolderPath(name: string): string {
  const path = normalForm(name, 'NFC')
    .split('/')
    .map((level) => level.trim())
    .filter(Boolean)
    .join('/');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (path === '' || path.length > 200 || /[\u0000-\u001f\u007f*%]/.test(path)) throw new MailError('InvalidRequest', name);
  // An address (/mail/…) cannot name such a level, and no browser would keep it.
  if (path.split('/').some((level) => /^\.\.?$/.test(level))) throw new MailError('InvalidRequest', name);
  // Beside the real one it would look the same: in the list of folders that has the reader's language, or in another program's.
  if (reserved.has(path.toLowerCase())) throw new MailError('FolderExists', name.trim());
  return path;
}

const uses = ['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash', 'scheduled'] as const;

/** What the special folders are called, by every language and by the server. */
const reserved: ReadonlySet<string> = new Set([
  ...uses,
  ...(['de', 'en'] as const).flatMap((language) => uses.map((use) => messagesFor(language).mail.folders[use].toLowerCase())),
]);
