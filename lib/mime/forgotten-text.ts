import { isMarkup } from './decode-text.ts';
import type { HeaderField } from './parse-header.ts';

interface Text {
  type: string;
  subtype: string;
  encoding: string;
}

/**
 * Lines at the end of a letter's header that are no fields: the beginning of its text, whose empty line was forgotten, with that line and one byte a
 * character. They stay in the header, where IMAP counts them; who reads the text puts them before it. Not where somebody signed the letter: a
 * signature covers fields and text, so whoever passed it on may have written what is neither.
 */
export function forgottenText(fields: readonly HeaderField[], root: Text): string {
  const isRead = root.type === 'text' && (root.subtype === 'plain' || isMarkup(root)) && root.encoding !== 'base64';
  if (!isRead || fields.at(-1)?.key !== '' || fields.some(({ key }) => key === 'dkim-signature')) return '';
  const lines = fields.slice(fields.findLastIndex(({ key }) => key !== '') + 1);
  return `${lines.map(({ value }) => `${value}\r\n`).join('')}\r\n`;
}
