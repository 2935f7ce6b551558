import { decodeCharset, isUsefulCharset } from './decode-charset.ts';
import { decodeContent } from './decode-content.ts';
import { type Parameter, parameter } from './parse-content-type.ts';

export interface TextPart {
  type: string;
  subtype: string;
  encoding: string;
  parameters: readonly Parameter[];
}

/** The characters of a text part, from its encoded bytes: transfer encoding and charset undone, markup left as it is. Linear time. */
export function decodeText(body: Buffer, part: TextPart): string {
  const bytes = decodeContent(body, part.encoding);
  return decodeCharset(bytes, charsetOf(bytes, part));
}

/** HTML may name its charset itself (WHATWG HTML section 13.2.3.2); what the header says goes before, if it says something. */
function charsetOf(bytes: Buffer, part: TextPart): string | undefined {
  const named = parameter(part.parameters, 'charset');
  if (isUsefulCharset(named) || !isMarkup(part)) return named;
  const head = bytes.toString('latin1', 0, META_WITHIN);
  const meta = /<meta\s[^>]{0,500}?charset\s{0,20}=\s{0,20}["']?([\w.:-]{1,60})/i.exec(head)?.[1] ?? XML_DECLARATION.exec(head)?.[1];
  // the bytes that name it were ASCII, so it is none of the charsets whose letters are two bytes
  return meta === undefined || /^(utf-?(16|32)|ucs)/i.test(meta) ? named : meta;
}

export const isMarkup = ({ type, subtype }: { type: string; subtype: string }): boolean =>
  type === 'text' && (subtype === 'html' || subtype === 'xhtml' || subtype === 'xhtml+xml');

const META_WITHIN = 4096;
const XML_DECLARATION = /^\s{0,20}<\?xml\s[^>]{0,200}?encoding=["']([\w.:-]{1,60})/i;
