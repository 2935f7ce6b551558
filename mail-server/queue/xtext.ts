/** RFC 3461 section 4: what is no printable ASCII, and "+" and "=", is written as +HH. */
export const xtext = (text: string): string =>
  Array.from(Buffer.from(text))
    .map((byte) =>
      byte > 0x20 && byte < 0x7f && byte !== 0x2b && byte !== 0x3d
        ? String.fromCharCode(byte)
        : `+${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
