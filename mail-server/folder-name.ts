import { normalForm } from '../lib/mime/normal-form.ts';

// What folders may be called, for everybody who names one: IMAP, the rules of a mailbox, the webmail through both.

/** UTF-8 bytes of a name and of a piece of it; levels */
const mostBytes = 1_000;
const mostBytesOfPiece = 255;
const mostLevels = 30;

/**
 * The one spelling of a name: Unicode NFC, INBOX in capitals, also as a parent ("inbox/Rechnungen"). A folder that was made under another one
 * could never be opened.
 */
export function canonicalName(name: string): string {
  const normal = normalForm(name, 'NFC');
  return /^inbox(\/|$)/i.test(normal) ? `INBOX${normal.slice(5)}` : normal;
}

/** Why a folder may not be called so, or null. Names that exist are not judged again. */
export function nameProblem(name: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(name)) return 'Folder names cannot contain control characters';
  if (Buffer.byteLength(name) > mostBytes) return 'Folder name is too long';
  const pieces = name.split('/');
  if (pieces.length > mostLevels) return 'Folders are nested too deeply';
  if (pieces.some((piece) => piece === '')) return 'Folder name is empty';
  if (pieces.some((piece) => Buffer.byteLength(piece) > mostBytesOfPiece)) return 'Folder name is too long';
  return null;
}
