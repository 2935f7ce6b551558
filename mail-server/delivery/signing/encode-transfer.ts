const lineChars = 76;

/** Quoted-printable (RFC 2045 section 6.7); CRLF is a line break, a CR or LF that stands alone is data. */
export function encodeQuotedPrintable(bytes: Buffer): Buffer {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    const lineFeed = nextLineEnd(bytes, start);
    const end = lineFeed < 0 ? bytes.length : lineFeed - 1;
    lines.push(encodedLine(bytes, start, end) + (lineFeed < 0 ? '' : '\r\n'));
    start = lineFeed < 0 ? bytes.length : lineFeed + 1;
  }
  return Buffer.from(lines.join(''), 'latin1');
}

/** Offset of the LF of the next CRLF, or -1. */
function nextLineEnd(bytes: Buffer, start: number): number {
  for (let at = bytes.indexOf(10, start); at >= 0; at = bytes.indexOf(10, at + 1)) if (at > start && bytes[at - 1] === 13) return at;
  return -1;
}

function encodedLine(bytes: Buffer, start: number, end: number): string {
  let done = '';
  let line = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    const isLast = at + 1 === end;
    const blank = byte === 0x20 || byte === 0x09;
    const plain = blank ? !isLast : byte > 0x20 && byte < 0x7f && byte !== 0x3d;
    const next = plain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    if (line.length + next.length > lineChars - (isLast ? 0 : 1)) {
      done += `${line}=\r\n`;
      line = '';
    }
    line += next;
  }
  return done + line;
}

export function encodeBase64(bytes: Buffer): Buffer {
  const text = bytes.toString('base64');
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += lineChars) lines.push(`${text.slice(at, at + lineChars)}\r\n`);
  return Buffer.from(lines.join(''), 'latin1');
}
