/** A parameter as it stands in the header: RFC 2231 names (`filename*0*`) and values are not decoded, quotes and escapes are removed. */
export interface Parameter {
  name: string;
  value: string;
}

export interface Parameterised {
  /** what stands before the first semicolon, comments removed */
  value: string;
  parameters: Parameter[];
}

export interface ContentType {
  /** lower case */
  type: string;
  subtype: string;
  parameters: Parameter[];
}

/**
 * Reads Content-Type (RFC 2045 section 5.1). Absent or unreadable: text/plain (section 5.2), or what `fallback` says (message/rfc822
 * inside multipart/digest).
 */
export function parseContentType(field: string | undefined, fallback: 'text/plain' | 'message/rfc822', maxParameters: number): ContentType {
  const [fallbackType, fallbackSubtype] = fallback === 'text/plain' ? ['text', 'plain'] : ['message', 'rfc822'];
  if (field === undefined) return { type: fallbackType, subtype: fallbackSubtype, parameters: [] };
  const { value, parameters } = parseParameterised(field, maxParameters);
  const match = MEDIA_TYPE.exec(value);
  if (match?.[1] && match[2]) return { type: match[1].toLowerCase(), subtype: match[2].toLowerCase(), parameters };
  // "multipart" alone with a boundary is meant as multipart/mixed (RFC 2046 section 5.1.3 for unknown subtypes)
  if (/^multipart\b/i.test(value) && parameter(parameters, 'boundary')) return { type: 'multipart', subtype: 'mixed', parameters };
  return { type: 'text', subtype: 'plain', parameters };
}

/** tokens of RFC 2045 section 5.1 */
const MEDIA_TYPE = /^([!#$%&'*+.0-9A-Z^_`a-z{|}~-]+)\s*\/\s*([!#$%&'*+.0-9A-Z^_`a-z{|}~-]+)/;

/**
 * Value of the first parameter of that (lower case) name, or undefined. What RFC 2231 cuts into pieces or marks with a charset is put
 * together; the values that are asked for here are ASCII.
 */
export function parameter(parameters: readonly Parameter[], name: string): string | undefined {
  for (const one of parameters) if (one.name.toLowerCase() === name) return one.value;
  const pieces = parameters.filter((one) => one.name.toLowerCase().startsWith(`${name}*`)).slice(0, MOST_PIECES);
  if (pieces.length === 0) return undefined;
  const piece = (key: string): string | undefined => pieces.find((one) => one.name.toLowerCase() === `${name}*${key}`)?.value;
  const whole = piece('') ?? pieces.map((_, at) => piece(String(at)) ?? piece(`${at}*`) ?? '').join('');
  const bare = whole.replace(/^[^']{0,40}'[^']{0,40}'/, '');
  return bare.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
const MOST_TYPE = 300;
const MOST_PIECES = 20;

/**
 * Reads `value; name=value; name="value"` with comments anywhere (RFC 2045). Lenient: unquoted values may hold anything but a semicolon,
 * a forgotten semicolon before the next `name=` is forgiven, an unterminated quoted string ends with the field. Linear time.
 */
export function parseParameterised(field: string, maxParameters: number): Parameterised {
  const text = field.includes('(') ? removeComments(field, isFileName) : field;
  const semicolon = text.indexOf(';');
  const first = semicolon < 0 ? text.length : semicolon;
  // the first semicolon may be missing too: "text/html charset=utf-8"
  const value = text.slice(0, first).trim();
  const end = /^[^\s;=]+(?=\s+[\w-]{1,40}=)/.exec(value.slice(0, MOST_TYPE))?.[0] ?? value;
  const parameters: Parameter[] = [];
  let at = end === value ? first + 1 : text.indexOf(end) + end.length;
  while (at < text.length && parameters.length < maxParameters) {
    at = skip(text, at, true);
    const nameStart = at;
    while (at < text.length && !isNameEnd(text.charCodeAt(at))) at++;
    const name = text.slice(nameStart, at);
    at = skip(text, at, false);
    if (text[at] !== '=') {
      // not a parameter: go on behind it, at least one character further
      at = Math.max(at, nameStart + 1);
      continue;
    }
    at = skip(text, at + 1, false);
    const read = text[at] === '"' ? readQuoted(text, at + 1) : (readEscaped(text, at) ?? readBare(text, at));
    if (name !== '') parameters.push({ name, value: read.value });
    at = read.end;
  }
  return { value: end, parameters };
}

function readQuoted(text: string, start: number): { value: string; end: number } {
  let value = '';
  let from = start;
  // old programs of Windows wrote a path as it is: "C:\Daten\Plan.pdf"
  const isPath = /^[a-z]:\\[^\\"]/i.test(text.slice(start, start + 4));
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) return { value: value + text.slice(from, at), end: at + 1 };
    if (code === 92 && at + 1 < text.length && !isPath) {
      value += text.slice(from, at);
      from = ++at;
    }
  }
  return { value: value + text.slice(from), end: text.length };
}

/** A program that wrote its own source escaped the quotes: boundary=\"b\". */
function readEscaped(text: string, start: number): { value: string; end: number } | null {
  const end = text.startsWith('\\"', start) ? text.indexOf('\\"', start + 2) : -1;
  return end < 0 ? null : { value: text.slice(start + 2, end), end: end + 2 };
}

function readBare(text: string, start: number): { value: string; end: number } {
  // encoded words without quotes, with the blanks that should not be in them
  ENCODED_WORDS.lastIndex = start;
  const words = text.startsWith('=?', start) ? ENCODED_WORDS.exec(text)?.[0] : undefined;
  let at = start + (words?.length ?? 0);
  while (at < text.length && text[at] !== ';') {
    if (!isSpace(text.charCodeAt(at))) {
      at++;
      continue;
    }
    const wordStart = skip(text, at, false);
    let wordEnd = wordStart;
    while (wordEnd < text.length && !isNameEnd(text.charCodeAt(wordEnd))) wordEnd++;
    if (text[wordEnd] === '=' && wordEnd > wordStart) return { value: text.slice(start, at), end: wordStart };
    at = Math.max(wordEnd, wordStart);
    if (text[at] === '=') at++;
  }
  return { value: text.slice(start, at).trim(), end: at };
}

const ENCODED_WORDS = /(?:=\?[^?\s]{1,60}\?[bq]\?[^?;]{0,500}\?=\s{0,5}){1,20}/iy;

/** What people call a file has brackets in it: "Rechnung (2).pdf" without quotes is one name. */
const isFileName = (before: string): boolean => /(?:^|[;\s])(?:file)?name(?:\*\d{0,3}\*?)?\s{0,5}$/i.test(before);
const LONGEST_NAME = 30;

/** Comments (they nest) become a space; quoted strings are left as they are, and so is what `keeps` says by what stands before its "=". */
export function removeComments(text: string, keeps?: (before: string) => boolean): string {
  let result = '';
  let depth = 0;
  let quoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) at++;
    else if (code === 61 && depth === 0 && !quoted && keeps?.(text.slice(Math.max(0, at - LONGEST_NAME), at))) {
      // what is quoted is none of it, and an end is not looked for then
      if (text[skip(text, at + 1, false)] === '"') continue;
      const end = text.indexOf(';', at);
      at = (end < 0 ? text.length : end) - 1;
    } else if (code === 34 && depth === 0) quoted = !quoted;
    else if (code === 40 && !quoted) {
      if (depth++ === 0) result += `${text.slice(from, at)} `;
    } else if (code === 41 && depth > 0 && --depth === 0) from = at + 1;
  }
  return depth > 0 ? result : result + text.slice(from);
}

function skip(text: string, start: number, semicolons: boolean): number {
  let at = start;
  while (at < text.length && (isSpace(text.charCodeAt(at)) || (semicolons && text[at] === ';'))) at++;
  return at;
}

const isSpace = (code: number): boolean => code === 32 || code === 9 || code === 13 || code === 10;
const isNameEnd = (code: number): boolean => isSpace(code) || code === 61 || code === 59 || code === 34;
