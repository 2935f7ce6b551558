const LF = 10;
const CR = 13;
const nothing = Buffer.alloc(0);
/** Chunks that make no more than this together are joined. */
const joinedBytes = 4_096;

/**
 * What a socket has received and nobody has read yet; the one place where lines are found, for all protocols. Chunks are joined for a line
 * that spans several, and when they are small: a client that sends each byte as a TLS record of its own must not make thousands of them.
 */
export class ByteQueue {
  #chunks: Buffer[] = [];
  /** first unread byte of the first chunk */
  #start = 0;
  /** bytes that are known to hold no LF */
  #searched = 0;
  length = 0;

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    const last = this.#chunks.at(-1);
    if (last && last.length + chunk.length <= joinedBytes) this.#chunks[this.#chunks.length - 1] = Buffer.concat([last, chunk]);
    else this.#chunks.push(chunk);
    this.length += chunk.length;
  }

  clear(): void {
    this.#chunks = [];
    this.#start = 0;
    this.#searched = 0;
    this.length = 0;
  }

  /** Bytes up to and with the next LF, or 0 if there is none yet. Looks at no byte twice. */
  lineLength(): number {
    let position = -this.#start;
    for (const chunk of this.#chunks) {
      if (position + chunk.length > this.#searched) {
        const found = chunk.indexOf(LF, Math.max(0, this.#searched - position));
        if (found >= 0) return position + found + 1;
      }
      position += chunk.length;
    }
    this.#searched = this.length;
    return 0;
  }

  /** The next line as it came, with its line end, of `limit` bytes at most; null while it is not there to its end. A line too long stays. */
  takeLine(limit: number): Buffer | 'too-long' | null {
    const length = this.lineLength();
    if ((length || this.length) > limit) return 'too-long';
    return length === 0 ? null : this.take(length);
  }

  /** What is there, as it lies in the first chunk; empty when nothing is. */
  peek(): Buffer {
    return this.#chunks[0]?.subarray(this.#start) ?? nothing;
  }

  /** Takes exactly `count` bytes, which must be there. */
  take(count: number): Buffer {
    const first = this.#chunks[0];
    if (first && first.length - this.#start >= count) {
      const bytes = first.subarray(this.#start, this.#start + count);
      this.#advance(count);
      return bytes;
    }
    const bytes = Buffer.allocUnsafe(count);
    this.copyInto(bytes, 0);
    return bytes;
  }

  /** Moves bytes into target from `at` on until it is full or nothing is left; returns how many. */
  copyInto(target: Buffer, at: number): number {
    let copied = 0;
    while (at + copied < target.length) {
      const chunk = this.#chunks[0];
      if (!chunk) break;
      const count = Math.min(chunk.length - this.#start, target.length - at - copied);
      chunk.copy(target, at + copied, this.#start, this.#start + count);
      copied += count;
      this.#advance(count);
    }
    return copied;
  }

  skip(count: number): void {
    let left = count;
    while (left > 0) {
      const chunk = this.#chunks[0];
      if (!chunk) return;
      const step = Math.min(chunk.length - this.#start, left);
      left -= step;
      this.#advance(step);
    }
  }

  #advance(count: number): void {
    this.#start += count;
    this.length -= count;
    this.#searched = Math.max(0, this.#searched - count);
    const chunk = this.#chunks[0];
    if (chunk && this.#start >= chunk.length) {
      this.#chunks.shift();
      this.#start = 0;
    }
  }
}

/** A line as `takeLine` gives it, without its CRLF or bare LF. */
export const withoutLineEnd = (line: Buffer): Buffer => line.subarray(0, line.length - (line.at(-2) === CR ? 2 : 1));
