import { encodeModifiedUtf7 } from '../names/modified-utf7.ts';

/** A quoted string; null where only a literal can carry the bytes: CR, LF, NUL, 8-bit without UTF-8, very long. */
function quoted(bytes: string, utf8: boolean): string | null {
  if (bytes.length > 1_000) return null;
  const highest = utf8 ? 0xff : 0x7f;
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes.charCodeAt(at);
    if (code === 0 || code === 10 || code === 13 || code > highest) return null;
  }
  return `"${bytes.replace(/["\\]/g, '\\$&')}"`;
}

/** string: quoted where it can be, else a literal. `value` is Unicode text, sent as UTF-8. */
export function formatString(value: string, utf8: boolean): string {
  const bytes = Buffer.from(value, 'utf8').toString('latin1');
  return quoted(bytes, utf8) ?? `{${bytes.length}}\r\n${bytes}`;
}

/** mailbox: UTF-8 for IMAP4rev2 sessions, modified UTF-7 for the others; always quoted. */
export function formatMailbox(name: string, utf8: boolean): string {
  return formatString(utf8 ? name : encodeModifiedUtf7(name), utf8);
}
