const LF = 10;
const CR = 13;
const DOT = 46;
const CRLF = Buffer.from('\r\n');

/**
 * Makes every line end of a submitted message CRLF: devices send LF, some CR, some CR CR LF, and every host behind us would refuse that
 * (RFC 5321 section 2.3.8). A dot that was doubled behind a line end which is none by the RFC is halved here. The same buffer where
 * nothing is wrong; linear whatever comes.
 */
export function repairLineEnds(message: Buffer): Buffer {
  let repaired: Buffer[] | null = null;
  let kept = 0;
  for (let at = nextEnd(message, 0); at >= 0; ) {
    let end = at;
    while (message[end] === CR) end++;
    const isEndOfLine = message[end] === LF;
    if (isEndOfLine) end++;
    const isProper = isEndOfLine && end - at === 2;
    if (!isProper) {
      repaired ??= [];
      repaired.push(message.subarray(kept, at));
      // CRs in a row without an LF are a line end each, as they are on the machines that write so
      for (let count = isEndOfLine ? 1 : end - at; count > 0; count--) repaired.push(CRLF);
      kept = message[end] === DOT && message[end + 1] === DOT ? end + 1 : end;
    }
    at = nextEnd(message, end);
  }
  return repaired ? Buffer.concat([...repaired, message.subarray(kept)]) : message;
}

/** Where the next CR or LF stands, or -1. The searches overlap by no more than one line. */
function nextEnd(message: Buffer, from: number): number {
  const lineFeed = message.indexOf(LF, from);
  const line = lineFeed < 0 ? message.subarray(from) : message.subarray(from, lineFeed);
  const carriageReturn = line.indexOf(CR);
  return carriageReturn < 0 ? lineFeed : from + carriageReturn;
}
