/** RFC 6533 section 3, in seven bits: what xtext would write as +HH, and the backslash, as \x{HEX} of its code point. */
export const asciiAddress = (text: string): string => text.replace(/[^!-*,-<>-[\]-~]/gu, hexPoint);
/** The same where UTF-8 may stand. */
export const utf8Address = (text: string): string => text.replace(/[\s+=\\]/g, hexPoint);
const hexPoint = (character: string): string => `\\x{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}}`;

/** RFC 3461 section 4: what is no printable ASCII, and "+" and "=", is written as +HH. */
export const xtext = (text: string): string =>
  Array.from(Buffer.from(text))
    .map((byte) =>
      byte > 0x20 && byte < 0x7f && byte !== 0x2b && byte !== 0x3d
        ? String.fromCharCode(byte)
        : `+${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
