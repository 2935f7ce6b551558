import { canonicalName } from '../../folder-name.ts';
import { decodeUtf8 } from '../../wire/decode-utf8.ts';
import type { Cursor } from '../parser/cursor.ts';
import { ParseError } from '../parser/parse-error.ts';
import { decodeModifiedUtf7 } from './modified-utf7.ts';

/** Folder name as the client spelled it → Unicode NFC, INBOX in capitals. NO where the encoding is wrong: no folder is called so. */
export function parseMailbox(cursor: Cursor, isRev2: boolean): string {
  return canonicalName(decodeMailbox(cursor.astring(), isRev2));
}

/** IMAP4rev2 names are UTF-8, IMAP4rev1 names modified UTF-7. The name as it was given, which `canonicalName` may change. */
export function decodeMailbox(bytes: Buffer, isRev2: boolean): string {
  const name = decodeIfValid(bytes, isRev2);
  if (name === null) throw new ParseError(`Mailbox name is not valid ${isRev2 ? 'UTF-8' : 'modified UTF-7'}`, 'CANNOT');
  return name;
}

/**
 * The pattern of a LIST. A wildcard may stand where the encoding wants more, as in "&*" for a folder "&-": what is no modified UTF-7 is meant as
 * it stands, as in Dovecot. One that is not even UTF-8 matches nothing, as if it had a character that no name has.
 */
export const decodePattern = (bytes: Buffer, isRev2: boolean): string => decodeIfValid(bytes, isRev2) ?? decodeIfValid(bytes, true) ?? '\0';

function decodeIfValid(bytes: Buffer, isRev2: boolean): string | null {
  const name = isRev2 ? decodeUtf8(bytes) : decodeModifiedUtf7(bytes.toString('latin1'));
  // a literal may bring NUL, which no text of the database holds
  return name?.includes('\0') ? null : name;
}
