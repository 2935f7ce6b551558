import { encodeModifiedUtf7 } from '../names/modified-utf7.ts';

/** A quoted string of printable bytes; null where only a literal can carry it (CR, LF, NUL, or 8-bit without UTF-8). */
function quoted(bytes: string, utf8: boolean): string | null {
  if (bytes.length > 1_000 || !(utf8 ? /^[\x01-\x09\x0b\x0c\x0e-\xff]*$/ : /^[\x01-\x09\x0b\x0c\x0e-\x7f]*$/).test(bytes)) return null;
  return `"${bytes.replace(/["\\]/g, '\\$&')}"`;
}

/** string: quoted where it can be, else a literal. `value` is Unicode text, sent as UTF-8. */
export function formatString(value: string, utf8 = false): string {
  const bytes = Buffer.from(value, 'utf8').toString('latin1');
  return quoted(bytes, utf8) ?? `{${bytes.length}}\r\n${bytes}`;
}

/** nstring */
export const formatNstring = (value: string | null, utf8 = false): string => (value === null ? 'NIL' : formatString(value, utf8));

/** mailbox: UTF-8 for IMAP4rev2 sessions, modified UTF-7 for the others; always quoted. */
export function formatMailbox(name: string, utf8: boolean): string {
  return formatString(utf8 ? name : encodeModifiedUtf7(name), utf8);
}

/** Text of a response for people: one line, printable. */
export const formatText = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 300) || 'OK';
