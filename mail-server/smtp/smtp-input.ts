import type { Socket } from 'node:net';
import { isTlsHandshake } from '../tls/foreign-protocol.ts';
import type { DataReader } from './data-reader.ts';

export type InputLine =
  | { kind: 'line'; bytes: Buffer }
  /** longer than allowed; the rest of it was thrown away */
  | { kind: 'too-long' }
  /** ended with LF alone */
  | { kind: 'bare-newline' }
  /** far longer than any line can be: whoever sends it does not speak SMTP */
  | { kind: 'flood' }
  | { kind: 'timeout' }
  | { kind: 'end' };

const LF = 10;
const CR = 13;
/** more than this is not read ahead while a command runs */
const readAheadBytes = 128 * 1024;
const floodBytes = 256 * 1024;
/** chunks that make no more than this together are joined */
const joinedBytes = 4 * 1024;

/**
 * What a client sends, as lines or as the bytes of a message. Pulled by the session, which runs one command after the other; the
 * socket is paused while more than `readAheadBytes` wait.
 */
export class SmtpInput {
  /** called before the session waits for the client: time to write what was held back */
  beforeWait: () => void = () => undefined;
  #socket: Socket;
  #chunks: Buffer[] = [];
  #waitingBytes = 0;
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
    return this.#waitingBytes === 0;
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
    const deadline = Date.now() + timeoutMs;
    const pieces: Buffer[] = [];
    let length = 0;
    for (;;) {
      const chunk = this.#chunks.shift();
      if (!chunk) {
        const woken = await this.#wait(deadline - Date.now());
        if (woken !== 'data') return { kind: woken };
        continue;
      }
      if (length === 0 && isTlsHandshake(chunk)) return { kind: 'end' };
      const lineFeed = chunk.indexOf(LF);
      const piece = lineFeed < 0 ? chunk : chunk.subarray(0, lineFeed + 1);
      this.#consumed(chunk, piece.length);
      length += piece.length;
      if (length <= limit + 2) pieces.push(piece);
      if (lineFeed < 0) {
        if (length > floodBytes) return { kind: 'flood' };
        continue;
      }
      if (length > limit + 2) return { kind: 'too-long' };
      const line = pieces.length === 1 ? piece : Buffer.concat(pieces);
      if (line.at(-2) !== CR) return { kind: 'bare-newline' };
      return { kind: 'line', bytes: line.subarray(0, -2) };
    }
  }

  /** Feeds the reader until it has found the end of the message. Each part must come within timeoutMs, all within totalMs. */
  async readData(reader: DataReader, timeoutMs: number, totalMs: number): Promise<'complete' | 'flood' | 'timeout' | 'end'> {
    const deadline = Date.now() + totalMs;
    for (;;) {
      const chunk = this.#chunks.shift();
      if (!chunk) {
        const woken = await this.#wait(Math.min(timeoutMs, deadline - Date.now()));
        if (woken !== 'data') return woken;
        continue;
      }
      this.#consumed(chunk, chunk.length);
      const rest = reader.push(chunk);
      if (reader.flooded) return 'flood';
      if (!rest) continue;
      if (rest.length > 0) {
        this.#chunks.unshift(rest);
        this.#waitingBytes += rest.length;
      }
      return 'complete';
    }
  }

  /** Hands on exactly so many octets, whatever they are. Each part must come within timeoutMs, all within totalMs. */
  async readOctets(
    count: number,
    take: (piece: Buffer) => void,
    timeoutMs: number,
    totalMs: number,
  ): Promise<'complete' | 'timeout' | 'end'> {
    const deadline = Date.now() + totalMs;
    for (let left = count; left > 0; ) {
      const chunk = this.#chunks.shift();
      if (!chunk) {
        const woken = await this.#wait(Math.min(timeoutMs, deadline - Date.now()));
        if (woken !== 'data') return woken;
        continue;
      }
      const piece = chunk.subarray(0, left);
      this.#consumed(chunk, piece.length);
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

  #consumed(chunk: Buffer, bytes: number): void {
    if (bytes < chunk.length) this.#chunks.unshift(chunk.subarray(bytes));
    this.#waitingBytes -= bytes;
    if (this.#waitingBytes < readAheadBytes && this.#socket.isPaused()) this.#socket.resume();
  }

  #onData = (chunk: Buffer): void => {
    // a client that sends each byte as a TLS record of its own must not make thousands of chunks
    const last = this.#chunks.at(-1);
    if (last && last.length + chunk.length <= joinedBytes) this.#chunks[this.#chunks.length - 1] = Buffer.concat([last, chunk]);
    else this.#chunks.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes >= readAheadBytes) this.#socket.pause();
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
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve(this.#chunks.length > 0 ? 'data' : this.#ended ? 'end' : 'timeout');
      };
    });
  }
}
