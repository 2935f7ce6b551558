import { splitFields, unfold } from './read-header.ts';

/** One header field. Strings hold one byte a character (latin1), so the bytes of the message can be had back from them. */
export interface HeaderField {
  /** as it stands; empty for a line that is no field */
  name: string;
  /** lower case */
  key: string;
  /** unfolded (line ends removed, the white space behind them kept), without white space at both ends */
  value: string;
}

/** The fields of a header block given as latin1 text, in order, with their values. At most `most` are looked at. */
export function parseHeader(block: string, most: number): HeaderField[] {
  return splitFields(block, most).map(({ key, start, valueStart, end }) => ({
    name: block.slice(start, start + key.length),
    key,
    value: unfold(block, valueStart, end),
  }));
}

/**
 * Field of that (lower case) name, or undefined. Of several the last one: of a field that may occur once DKIM verifies that (RFC 6376 section
 * 5.4.2), so it is the one to show and to read the body by; somebody may have put a forged one on top.
 */
export function findField(fields: readonly HeaderField[], key: string): string | undefined {
  return fields.findLast((field) => field.key === key)?.value;
}

/** The topmost one, for what each host that passes a letter on puts on top (RFC 5322 section 3.6.6, RFC 5321 section 4.4). */
export function findTopField(fields: readonly HeaderField[], key: string): string | undefined {
  return fields.find((field) => field.key === key)?.value;
}

/**
 * Lines at the end of a header that are no fields, one byte a character: the beginning of a text whose empty line was forgotten. They stay in the
 * header, where IMAP counts them; who shows, searches or judges the letter reads them before its text, with the empty line that is there. Empty
 * where none are, or the text could not go on behind them. No signature of the header covers them (signed-header.ts).
 */
export function forgottenText(root: { type: string; subtype: string; encoding: string }, fields: readonly HeaderField[]): string {
  const isRead = root.type === 'text' && (root.subtype === 'plain' || root.subtype === 'html') && root.encoding !== 'base64';
  const first = fields.findLastIndex(({ key }) => isOfHeaders(key)) + 1;
  // a text begins with words: a field of somebody's own naming is one
  if (!isRead || fields[first]?.key !== '') return '';
  const lines = fields
    .slice(first)
    .map(({ name, value }) => (name === '' ? value : `${name}:${value.startsWith('//') ? '' : ' '}${value}`));
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** "Termin: morgen" and "https://…" look like fields and are none that anybody writes into a header. */
const isOfHeaders = (key: string): boolean =>
  key.includes('-') ||
  /^(from|to|cc|bcc|subject|date|sender|received|comments|keywords|encrypted|organi[sz]ation|status|importance|priority|precedence|references|lines|path|newsgroups|xref|sensitivity|autocrypt|expires|supersedes|approved|distribution|archive|control|summary)$/.test(
    key,
  );
