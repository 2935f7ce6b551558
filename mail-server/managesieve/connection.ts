import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { channelOf, type Channel } from '../auth/sasl/channel-binding.ts';
import { secureSocket } from '../tls/secure-socket.ts';
import { limits } from './limits.ts';

const LF = 10;
const CR = 13;

/** The client is gone, or said more than it may. */
export class ConnectionEnded extends Error {}

/** The client's end: lines and counted bytes in, text out. Input is bounded, and who is silent for too long is cut off. */
export class Connection {
  secure: boolean;
  readonly remoteAddress: string;
  #socket: Socket;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #ended = false;
  #wake: (() => void) | null = null;
  #timeoutMs: number = limits.signedOutTimeoutMs;

  constructor(socket: Socket, secure: boolean, remoteAddress: string) {
    this.secure = secure;
    this.remoteAddress = remoteAddress;
    this.#socket = socket;
    this.#attach(socket);
  }

  get channel(): Channel | null {
    return channelOf(this.#socket);
  }

  /** True while nothing is asked of us. */
  get isWaiting(): boolean {
    return this.#wake !== null;
  }

  setTimeout(ms: number): void {
    this.#timeoutMs = ms;
    this.#socket.setTimeout(ms);
  }

  /** The next line without its line end. Throws ConnectionEnded. */
  async readLine(): Promise<Buffer> {
    let searched = 0;
    for (;;) {
      const input = this.#joined();
      const at = input.indexOf(LF, searched);
      if (at > limits.lineBytes || (at < 0 && input.length > limits.lineBytes)) throw new ConnectionEnded('line too long');
      if (at >= 0) {
        this.#take(at + 1);
        return input.subarray(0, at > 0 && input[at - 1] === CR ? at - 1 : at);
      }
      searched = input.length;
      await this.#more();
    }
  }

  /** So many bytes. Throws ConnectionEnded. */
  async readBytes(count: number): Promise<Buffer> {
    while (this.#bytes < count) await this.#more();
    const bytes = this.#joined().subarray(0, count);
    this.#take(count);
    return bytes;
  }

  /** Reads so many bytes and forgets them. Throws ConnectionEnded. */
  async skipBytes(count: number): Promise<void> {
    let left = count;
    while (left > 0) {
      if (this.#bytes === 0) await this.#more();
      const taken = Math.min(left, this.#bytes);
      this.#joined();
      this.#take(taken);
      left -= taken;
    }
  }

  /** Resolves when the client has taken enough of what was written before. */
  async write(text: string): Promise<void> {
    const socket = this.#socket;
    if (!socket.writable || socket.write(text)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        socket.off('drain', done).off('close', done);
        resolve();
      };
      socket.on('drain', done).on('close', done);
      if (socket.destroyed) done();
    });
  }

  /**
   * Goes on under TLS. What the client sent behind the command that led here was clear text and is thrown away unread. Throws
   * ConnectionEnded when the handshake failed.
   */
  async startTls(context: SecureContext): Promise<void> {
    const plain = this.#socket;
    this.#detach(plain);
    plain.on('error', ignore);
    this.#chunks = [];
    this.#bytes = 0;
    try {
      if (this.#ended) throw new Error('gone');
      this.#socket = await secureSocket(plain, context);
    } catch (error) {
      this.#ended = true;
      throw new ConnectionEnded('no TLS', { cause: error });
    }
    this.#attach(this.#socket);
    this.secure = true;
  }

  /** Closes behind what was written; whoever does not take it within two seconds is cut off. */
  end(): void {
    const socket = this.#socket;
    socket.off('data', this.#onData);
    socket.resume();
    socket.end();
    setTimeout(() => socket.destroy(), limits.lingerMs).unref();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** What came in many pieces is put together once for each time that it is looked at, not for each piece. */
  #joined(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks, this.#bytes)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  #take(count: number): void {
    const rest = this.#joined().subarray(count);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#bytes = rest.length;
  }

  async #more(): Promise<void> {
    if (this.#ended) throw new ConnectionEnded('gone');
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#socket.resume();
    });
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > limits.inputBytes) this.#socket.pause();
    this.#awake();
  };

  readonly #onEnd = (): void => {
    this.#ended = true;
    this.#awake();
  };

  readonly #onTimeout = (): void => {
    this.#socket.destroy();
  };

  #awake(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  #attach(socket: Socket): void {
    socket.setTimeout(this.#timeoutMs);
    socket.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onEnd);
    socket.on('error', ignore); // 'close' follows
    socket.on('timeout', this.#onTimeout);
  }

  #detach(socket: Socket): void {
    socket.setTimeout(0);
    socket.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onEnd);
    socket.off('error', ignore).off('timeout', this.#onTimeout);
    socket.pause();
  }
}

const ignore = (): void => undefined;
