const pieceBytes = 64 * 1024;

/** The content as it goes behind DATA, without the final dot: lines end with CRLF and nothing else, dots that begin one are doubled. */
export function* wirePieces(content: Buffer): Generator<Buffer> {
  for (let start = 0; start < content.length; ) {
    const lineFeed = content.indexOf(10, start + pieceBytes);
    const end = lineFeed < 0 ? content.length : lineFeed + 1;
    const text = content.toString('latin1', start, end);
    // a CR or LF that stands alone would mean different things to different hosts
    const wire = text.replace(/\r\n|\r|\n/g, '\r\n').replace(/^\./gm, '..');
    yield Buffer.from(wire, 'latin1');
    start = end;
  }
  if (content.at(-1) !== 10) yield Buffer.from('\r\n');
}
