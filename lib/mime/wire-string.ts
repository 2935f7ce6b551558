/**
 * IMAP string (RFC 9051 section 4.3) from one-byte-a-character text, as one-byte-a-character text: quoted where that is legal for every
 * client, else a literal with the bytes as they came (line ends inside, or 8-bit, which a quoted string may hold only after ENABLE).
 * NUL can be in neither and is left out.
 */
export function wireString(text: string): string {
  const clean = text.includes('\0') ? text.replaceAll('\0', '') : text;
  if (UNQUOTABLE.test(clean)) return `{${clean.length}}\r\n${clean}`;
  return QUOTED_SPECIALS.test(clean) ? `"${clean.replace(/["\\]/g, '\\$&')}"` : `"${clean}"`;
}

/** NIL for undefined and null, the empty string is "". */
export function wireNString(text: string | null | undefined): string {
  return text === undefined || text === null ? 'NIL' : wireString(text);
}

const UNQUOTABLE = /[\r\n\x80-\xff]/;
const QUOTED_SPECIALS = /["\\]/;
