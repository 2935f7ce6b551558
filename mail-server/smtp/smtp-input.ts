import type { Socket } from 'node:net';
import { isTlsHandshake } from '../tls/foreign-protocol.ts';
import { ByteQueue, withoutLineEnd } from '../wire/byte-queue.ts';
import type { DataReader } from './data-reader.ts';

export type InputLine =
  | { kind: 'line'; bytes: Buffer }
  /** longer than allowed; the rest of it was thrown away */
  | { kind: 'too-long' }
  /** ended with LF alone */
  | { kind: 'bare-newline'; bytes: Buffer }
  /** far longer than any line can be: whoever sends it does not speak SMTP */
  | { kind: 'flood' }
  | { kind: 'timeout' }
  | { kind: 'end' };

const CR = 13;
/** more than this is not read ahead while a command runs */
const readAheadBytes = 128 * 1024;
const floodBytes = 256 * 1024;

/**
 * What a client sends, as lines or as the bytes of a message. Pulled by the session, which runs one command after the other; the
 * socket is paused while more than `readAheadBytes` wait.
 */
export class SmtpInput {
  /** called before the session waits for the client: time to write what was held back */
  beforeWait: () => void = () => undefined;
  #socket: Socket;
  readonly #input = new ByteQueue();
  #ended = false;
  #wake: (() => void) | null = null;
  #interrupted = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onEnd);
  }

  /** True when nothing that the client sent waits to be read. */
  get empty(): boolean {
    return this.#input.length === 0;
  }

  /** The client has left, and what it sent was all read. */
  get isLeft(): boolean {
    return this.#ended && this.empty;
  }

  /** True while the session waits for the client. */
  get waiting(): boolean {
    return this.#wake !== null;
  }

  /** Ends the wait of the session as if the time were over (the server goes down). */
  interrupt(): void {
    this.#interrupted = true;
    this.#wake?.();
  }

  /** One line without its CRLF, at most `limit` bytes. It must be complete within timeoutMs. */
  async readLine(limit: number, timeoutMs: number): Promise<InputLine> {
    const deadline = performance.now() + timeoutMs;
    /** what was thrown away of a line too long */
    let skipped = 0;
    for (;;) {
      if (skipped === 0 && isTlsHandshake(this.#input.peek())) return { kind: 'end' };
      const line = this.#input.takeLine(skipped > 0 ? 0 : limit + 2);
      if (line === 'too-long') {
        const end = this.#input.lineLength();
        const bytes = end || this.#input.length;
        skipped += bytes;
        this.#consume(bytes);
        if (end > 0) return { kind: 'too-long' };
        if (skipped > floodBytes) return { kind: 'flood' };
      } else if (line !== null) {
        this.#resume();
        return { kind: line.at(-2) === CR ? 'line' : 'bare-newline', bytes: withoutLineEnd(line) };
      }
      const woken = await this.#wait(deadline - performance.now());
      if (woken !== 'data') return { kind: woken };
    }
  }

  /** Feeds the reader until it has found the end of the message. Each part must come within timeoutMs, all within totalMs. */
  async readData(reader: DataReader, timeoutMs: number, totalMs: number): Promise<'complete' | 'flood' | 'timeout' | 'end'> {
    const deadline = performance.now() + totalMs;
    for (;;) {
      const chunk = this.#input.peek();
      if (chunk.length === 0) {
        const woken = await this.#wait(Math.min(timeoutMs, deadline - performance.now()));
        if (woken !== 'data') return woken;
        continue;
      }
      const rest = reader.push(chunk);
      this.#consume(chunk.length - (rest?.length ?? 0));
      if (reader.flooded) return 'flood';
      if (rest) return 'complete';
    }
  }

  /** Hands on exactly so many octets, whatever they are. Each part must come within timeoutMs, all within totalMs. */
  async readOctets(
    count: number,
    take: (piece: Buffer) => void,
    timeoutMs: number,
    totalMs: number,
  ): Promise<'complete' | 'timeout' | 'end'> {
    const deadline = performance.now() + totalMs;
    for (let left = count; left > 0; ) {
      const chunk = this.#input.peek();
      if (chunk.length === 0) {
        const woken = await this.#wait(Math.min(timeoutMs, deadline - performance.now()));
        if (woken !== 'data') return woken;
        continue;
      }
      const piece = chunk.subarray(0, left);
      this.#consume(piece.length);
      left -= piece.length;
      take(piece);
    }
    return 'complete';
  }

  /** Lets go of the socket (TLS takes it over). False if the client sent more than it should have by now. */
  release(): boolean {
    this.#socket.off('data', this.#onData);
    this.#socket.off('end', this.#onEnd);
    this.#socket.off('close', this.#onEnd);
    this.#socket.pause();
    return this.empty && this.#socket.read() === null;
  }

  #consume(bytes: number): void {
    this.#input.skip(bytes);
    this.#resume();
  }

  #resume(): void {
    if (this.#input.length < readAheadBytes && this.#socket.isPaused()) this.#socket.resume();
  }

  #onData = (chunk: Buffer): void => {
    this.#input.push(chunk);
    if (this.#input.length >= readAheadBytes) this.#socket.pause();
    this.#wake?.();
  };

  #onEnd = (): void => {
    this.#ended = true;
    this.#wake?.();
  };

  #wait(timeoutMs: number): Promise<'data' | 'timeout' | 'end'> {
    if (this.#ended) return Promise.resolve('end');
    if (this.#interrupted || timeoutMs <= 0) return Promise.resolve('timeout');
    this.beforeWait();
    const before = this.#input.length;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve(this.#input.length > before ? 'data' : this.#ended ? 'end' : 'timeout');
      };
    });
  }
}
