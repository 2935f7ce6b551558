const CR = 13;
const LF = 10;

/** A CR or LF that is no part of a CRLF. Each search ends at the line feed that is at hand, so the whole is linear. */
export function hasLoneNewline(bytes: Buffer): boolean {
  for (let start = 0; ; ) {
    const lineFeed = bytes.indexOf(LF, start);
    const line = lineFeed < 0 ? bytes.subarray(start) : bytes.subarray(start, lineFeed);
    const carriageReturn = line.indexOf(CR);
    if (lineFeed < 0) return carriageReturn >= 0;
    if (carriageReturn < 0 || carriageReturn !== line.length - 1) return true;
    start = lineFeed + 1;
  }
}
