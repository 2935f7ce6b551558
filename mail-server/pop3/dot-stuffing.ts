const LF = 10;
const CR = 13;
const DOT = 46;
const dot = Buffer.from('.');
const carriageReturn = Buffer.from('\r');
const end = Buffer.from('.\r\n');
const lineEnd = Buffer.from('\r\n');

/**
 * Turns the bytes of a message into the body of a multi-line response (RFC 1939 section 3), piece by piece, without copying them: every line ends
 * in CRLF, whatever was stored (what an IMAP client appended may end lines at LF alone), and a dot at the beginning of a line is doubled.
 */
export class DotStuffing {
  #last = LF;

  /** The buffers to send for the next piece. */
  piece(bytes: Buffer): Buffer[] {
    if (bytes.length === 0) return [];
    const parts: Buffer[] = [];
    if (this.#last === LF && bytes[0] === DOT) parts.push(dot);
    let from = 0;
    for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) {
      const before = at === 0 ? this.#last : bytes[at - 1];
      if (before !== CR) {
        if (at > from) parts.push(bytes.subarray(from, at));
        parts.push(carriageReturn);
        from = at;
      }
      if (bytes[at + 1] === DOT) {
        parts.push(bytes.subarray(from, at + 1), dot);
        from = at + 1;
      }
    }
    parts.push(bytes.subarray(from));
    this.#last = bytes[bytes.length - 1] ?? 0;
    return parts;
  }

  /** What ends the response: the terminating dot, on a line of its own also where the message does not end in CRLF. */
  end(): Buffer[] {
    return this.#last === LF ? [end] : [lineEnd, end];
  }
}
