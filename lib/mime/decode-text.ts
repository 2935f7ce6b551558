import { isUtf8 } from 'node:buffer';
import { decodeCharset, isUsefulCharset } from './decode-charset.ts';
import { decodeBase64Text, decodeContent } from './decode-content.ts';
import { type Parameter, parameter } from './parse-content-type.ts';
import { namedSigns } from './repair-text.ts';

export interface TextPart {
  type: string;
  subtype: string;
  encoding: string;
  parameters: readonly Parameter[];
}

/** The characters of a text part, from its encoded bytes: transfer encoding and charset undone, markup left as it is. Linear time. */
export function decodeText(body: Buffer, part: TextPart): string {
  const bytes = part.encoding === 'base64' ? decodeBase64Text(body) : decodeContent(body, part.encoding);
  // lines of calendars are folded at a number of bytes, in the middle of a letter too (RFC 5545 section 3.1)
  const whole = part.subtype === 'calendar' || part.subtype === 'ics' ? unfoldLines(bytes) : bytes;
  const text = decodeCharset(whole, charsetOf(whole, part));
  // of HTML it depends on the font that is asked for
  return isMarkup(part) ? text : namedSigns(text);
}

const unfoldLines = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('latin1').replace(/\r?\n[ \t]/g, ''), 'latin1');

/**
 * HTML may name its charset itself (WHATWG HTML section 13.2.3.2). What the header says goes before it, if it says something; UTF-8 that is
 * none says nothing.
 */
function charsetOf(bytes: Buffer, part: TextPart): string | undefined {
  const named = parameter(part.parameters, 'charset');
  if (!isMarkup(part)) return named;
  if (isUsefulCharset(named) && (!/utf-?8/i.test(named ?? '') || isUtf8(bytes))) return named;
  const meta = charsetInside(bytes);
  return meta === undefined || !isUsefulCharset(meta) ? named : meta;
}

/** The bytes that name it were ASCII, so it is none of the charsets whose letters are two bytes. */
function charsetInside(bytes: Buffer): string | undefined {
  const head = bytes.toString('latin1', 0, META_WITHIN).replace(COMMENT, '');
  const meta = META.exec(head)?.[1] ?? XML_DECLARATION.exec(head)?.[1];
  return meta === undefined || /^(utf-?(16|32)|ucs|unicode$|iso-10646)/i.test(meta) ? undefined : meta;
}

export const isMarkup = ({ type, subtype }: { type: string; subtype: string }): boolean =>
  type === 'text' && (subtype === 'html' || subtype === 'xhtml' || subtype === 'xhtml+xml');

/** styles may stand before it */
const META_WITHIN = 65_536;
const COMMENT = /<!--[\s\S]*?(?:-->|$)/g;
const META = /<meta\s[^>]{0,500}?charset\s{0,20}=\s{0,20}["']?([\w.:-]{1,60})/i;
const XML_DECLARATION = /^\s{0,20}<\?xml\s[^>]{0,200}?encoding=["']([\w.:-]{1,60})/i;
