import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { isTlsHandshake } from '../tls/foreign-protocol.ts';
import { channelOf, type Channel } from '../auth/sasl/channel-binding.ts';
import { secureSocket } from '../tls/secure-socket.ts';
import { limits } from './limits.ts';

const LF = 10;
const CR = 13;

/** The client's end: lines in, bytes out. Input and output are bounded; a client that is silent for ten minutes is cut off. */
export class Connection {
  secure: boolean;
  readonly remoteAddress: string;
  #socket: Socket;
  #input: Buffer = Buffer.alloc(0);
  #ended = false;
  #wake: (() => void) | null = null;
  #output: Buffer[] = [];
  #outputBytes = 0;

  constructor(socket: Socket, secure: boolean, remoteAddress: string) {
    this.secure = secure;
    this.remoteAddress = remoteAddress;
    this.#socket = socket;
    this.#attach(socket);
  }

  get channel(): Channel | null {
    return channelOf(this.#socket);
  }

  /** The client has left: what is written goes nowhere. */
  get isGone(): boolean {
    return !this.#socket.writable;
  }

  /** True while nothing is asked of us and nothing is underway. */
  get isWaiting(): boolean {
    return this.#wake !== null;
  }

  /** The next line without its CRLF (or LF); null when the client is gone. Sends what is to be sent before it waits. */
  async readLine(): Promise<Buffer | 'too long' | null> {
    // the socket's own time begins anew with each byte, so a line that never ends needs one as well
    const overdue = setTimeout(this.#onTimeout, limits.idleTimeoutMs);
    try {
      return await this.#nextLine();
    } finally {
      clearTimeout(overdue);
    }
  }

  async #nextLine(): Promise<Buffer | 'too long' | null> {
    let searched = 0;
    for (;;) {
      if (isTlsHandshake(this.#input)) return null;
      const at = this.#input.indexOf(LF, searched);
      if (at > limits.lineBytes || (at === -1 && this.#input.length > limits.lineBytes)) return 'too long';
      if (at !== -1) return this.#take(at);
      searched = this.#input.length;
      await this.flush();
      if (this.#ended) return null;
      if (this.#input.length > searched) continue; // came while we sent
      const more = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#socket.resume();
      await more;
    }
  }

  /** Adds to what will be sent. Resolves at once unless so much waits that the client must take some of it first. */
  async write(...parts: readonly (Buffer | string)[]): Promise<void> {
    for (const part of parts) {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part;
      this.#output.push(bytes);
      this.#outputBytes += bytes.length;
    }
    if (this.#outputBytes >= limits.outputBytes) await this.flush();
  }

  /** Sends what was written; resolves when the system has taken it or the client is gone. */
  async flush(): Promise<void> {
    if (this.#outputBytes === 0 || this.isGone) return;
    const parts = this.#output;
    const small = this.#outputBytes <= limits.outputBytes;
    const total = this.#outputBytes;
    this.#output = [];
    this.#outputBytes = 0;
    const taken = small ? this.#socket.write(Buffer.concat(parts, total)) : this.#writeAll(parts);
    if (!taken) await this.#drained();
  }

  /**
   * Goes on under TLS. What the client sent behind the command that led here was clear text and is thrown away unread. False when the
   * handshake failed; the connection is closed then.
   */
  async startTls(context: SecureContext): Promise<boolean> {
    await this.flush();
    const plain = this.#socket;
    this.#detach(plain);
    plain.on('error', ignore);
    this.#input = Buffer.alloc(0);
    if (this.#ended) return false;
    try {
      const secured = await secureSocket(plain, context);
      this.#socket = secured;
      this.#attach(secured);
      this.secure = true;
      return true;
    } catch {
      this.#ended = true;
      return false;
    }
  }

  /** Sends what waits and closes; whoever does not take it within two seconds is cut off. */
  async end(): Promise<void> {
    await this.flush();
    const socket = this.#socket;
    socket.off('data', this.#onData);
    // who sent much more than we read would go on: it is not even taken from the system's buffer. Else read on, to notice the end.
    if (this.#input.length > limits.lineBytes) socket.pause();
    else socket.resume();
    socket.end();
    setTimeout(() => socket.destroy(), limits.lingerMs).unref();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #take(at: number): Buffer {
    const line = this.#input.subarray(0, at > 0 && this.#input[at - 1] === CR ? at - 1 : at);
    this.#input = this.#input.subarray(at + 1);
    return line;
  }

  #writeAll(parts: readonly Buffer[]): boolean {
    let taken = true;
    this.#socket.cork();
    for (const part of parts) taken = this.#socket.write(part);
    this.#socket.uncork();
    return taken;
  }

  #drained(): Promise<void> {
    const socket = this.#socket;
    return new Promise((resolve) => {
      const done = (): void => {
        socket.off('drain', done);
        socket.off('close', done);
        resolve();
      };
      socket.on('drain', done);
      socket.on('close', done);
      if (socket.destroyed) done();
    });
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#input = this.#input.length === 0 ? chunk : Buffer.concat([this.#input, chunk]);
    if (this.#input.length > limits.inputBytes) this.#socket.pause();
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
    socket.setTimeout(limits.idleTimeoutMs);
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onEnd);
    socket.on('error', ignore); // 'close' follows
    socket.on('timeout', this.#onTimeout);
  }

  #detach(socket: Socket): void {
    socket.setTimeout(0);
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('close', this.#onEnd);
    socket.off('error', ignore);
    socket.off('timeout', this.#onTimeout);
    socket.pause();
  }
}

const ignore = (): void => undefined;
