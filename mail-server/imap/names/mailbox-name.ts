import { decodeUtf8 } from '../../wire/decode-utf8.ts';
import { limits } from '../limits.ts';
import type { Cursor } from '../parser/cursor.ts';
import { ParseError } from '../parser/parse-error.ts';
import { decodeModifiedUtf7 } from './modified-utf7.ts';

/** Folder name as the client spelled it → Unicode NFC, INBOX in capitals. NO where the encoding is wrong: no folder is called so. */
export function parseMailbox(cursor: Cursor, isRev2: boolean): string {
  return canonical(decodeMailbox(cursor.astring(), isRev2));
}

/** IMAP4rev2 names are UTF-8, IMAP4rev1 names modified UTF-7. The name as it was given, which `canonical` may change. */
export function decodeMailbox(bytes: Buffer, isRev2: boolean): string {
  const name = decodeIfValid(bytes, isRev2);
  if (name === null) throw new ParseError(`Mailbox name is not valid ${isRev2 ? 'UTF-8' : 'modified UTF-7'}`, 'CANNOT');
  return name;
}

/** The pattern of a LIST. One that is not validly encoded matches nothing, as if it had a character that no name has. */
export const decodePattern = (bytes: Buffer, isRev2: boolean): string => decodeIfValid(bytes, isRev2) ?? '\0';

const decodeIfValid = (bytes: Buffer, isRev2: boolean): string | null =>
  isRev2 ? decodeUtf8(bytes) : decodeModifiedUtf7(bytes.toString('latin1'));

/** INBOX in any case, also as a parent ("inbox/Rechnungen"). */
export function canonical(name: string): string {
  const normal = name.normalize('NFC');
  return /^inbox(\/|$)/i.test(normal) ? `INBOX${normal.slice(5)}` : normal;
}

/** Why a folder may not be called so, or null. Names that exist are not judged again. */
export function nameProblem(name: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(name)) return 'Folder names cannot contain control characters';
  if (Buffer.byteLength(name) > limits.folderNameBytes) return 'Folder name is too long';
  const pieces = name.split('/');
  if (pieces.length > limits.folderDepth) return 'Folders are nested too deeply';
  if (pieces.some((piece) => piece === '')) return 'Folder name is empty';
  if (pieces.some((piece) => Buffer.byteLength(piece) > limits.folderPieceBytes)) return 'Folder name is too long';
  return null;
}
