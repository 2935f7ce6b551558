const LF = 10;
const CR = 13;
const DOT = 46;
const dot = Buffer.from('.');
const lineThenDot = Buffer.from('\n.');
const end = Buffer.from('.\r\n');
const lineEnd = Buffer.from('\r\n');

/**
 * Turns the bytes of a message into the body of a multi-line response (RFC 1939 section 3), piece by piece, without copying them.
 * A dot behind any LF is doubled, bare or not: many clients end lines at LF, and "LF . CR LF" inside a message must not end it for them.
 */
export class DotStuffing {
  #last = LF;
  #beforeLast = CR;

  /** The buffers to send for the next piece. */
  piece(bytes: Buffer): Buffer[] {
    if (bytes.length === 0) return [];
    const parts: Buffer[] = [];
    if (this.#last === LF && bytes[0] === DOT) parts.push(dot);
    let from = 0;
    for (let at = bytes.indexOf(lineThenDot); at !== -1; at = bytes.indexOf(lineThenDot, at + 1)) {
      parts.push(bytes.subarray(from, at + 1), dot);
      from = at + 1;
    }
    parts.push(bytes.subarray(from));
    this.#beforeLast = bytes.length > 1 ? (bytes[bytes.length - 2] ?? 0) : this.#last;
    this.#last = bytes[bytes.length - 1] ?? 0;
    return parts;
  }

  /** What ends the response: the terminating dot, on a line of its own also where the message does not end in CRLF. */
  end(): Buffer[] {
    return this.#last === LF && this.#beforeLast === CR ? [end] : [lineEnd, end];
  }
}
