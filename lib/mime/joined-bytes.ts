/** A piece of at least this size is kept as it came. */
const wholeBytes = 4_096;
const fewBytes = 32;
const leastBlock = 512;
const mostBlock = 65_536;

/**
 * Bytes that come in pieces, however small a stranger makes them: each piece kept by itself costs a hundred bytes of memory beside its own,
 * so small ones are copied together.
 */
export class JoinedBytes {
  length = 0;
  #pieces: Buffer[] = [];
  #block: Buffer | null = null;
  #filled = 0;

  /** Takes `bytes` from `start` to `end`; nobody may change them any more. */
  push(bytes: Uint8Array, start = 0, end = bytes.length): void {
    if (end <= start) return;
    this.length += end - start;
    if (end - start >= wholeBytes) {
      this.#emptyBlock();
      this.#pieces.push(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start));
    } else this.#copy(bytes, start, end);
  }

  /** All of them; they are no longer held here. */
  take(): Buffer {
    this.#emptyBlock();
    const bytes = Buffer.concat(this.#pieces);
    this.clear();
    return bytes;
  }

  clear(): void {
    this.length = 0;
    this.#pieces = [];
    this.#block = null;
    this.#filled = 0;
  }

  #copy(bytes: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end; ) {
      this.#block ??= Buffer.allocUnsafeSlow(Math.min(mostBlock, Math.max(leastBlock, this.length)));
      const block = this.#block;
      const until = Math.min(end, at + block.length - this.#filled);
      // a view of some bytes costs more than copying them one by one
      if (until - at > fewBytes) block.set(bytes.subarray(at, until), this.#filled);
      else for (let from = at, to = this.#filled; from < until; from++, to++) block[to] = bytes[from] ?? 0;
      this.#filled += until - at;
      at = until;
      if (this.#filled === block.length) {
        this.#pieces.push(block);
        this.#block = null;
        this.#filled = 0;
      }
    }
  }

  /** What is in a block that is not full is copied, and the block filled anew: one octet between two large pieces holds no room for thousands. */
  #emptyBlock(): void {
    if (this.#block && this.#filled > 0) this.#pieces.push(Buffer.from(this.#block.subarray(0, this.#filled)));
    this.#filled = 0;
  }
}
