/** RFC 5228 section 2.4.2.4. What is not written exactly so stays as it is; a code that is no character is a fault. */
export function decodeEncodedCharacters(source: string): string | { sentence: string } {
  // the bytes of neighbouring ${hex:…} may be one character together, so all is put together as bytes
  const pieces: Buffer[] = [];
  let from = 0;
  for (const match of source.matchAll(ENCODED)) {
    const [whole, kind = '', codes = ''] = match;
    if (kind.toLowerCase() === 'hex' && /[0-9a-f]{3}/i.test(codes)) continue;
    pieces.push(Buffer.from(source.slice(from, match.index)));
    from = match.index + whole.length;
    const numbers = codes
      .trim()
      .split(/\s+/)
      .map((code) => Number.parseInt(code, 16));
    if (kind.toLowerCase() === 'hex') pieces.push(Buffer.from(numbers));
    else if (numbers.every(isCharacter)) pieces.push(Buffer.from(String.fromCodePoint(...numbers)));
    else return { sentence: `${whole.slice(0, 60)} is no Unicode character` };
  }
  if (from === 0) return source;
  pieces.push(Buffer.from(source.slice(from)));
  return Buffer.concat(pieces).toString('utf8');
}

const isCharacter = (code: number): boolean => code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
const ENCODED = /\$\{(hex|unicode):(\s*[0-9a-f]+(?:\s+[0-9a-f]+)*\s*)\}/gi;
