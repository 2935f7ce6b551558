import type { Socket } from 'node:net';
import type { MailPort } from '../../lib/config/config.ts';
import { channelOf, type Channel } from '../auth/sasl/channel-binding.ts';
import type { Services } from '../services.ts';
import { isTlsHandshake } from '../tls/foreign-protocol.ts';
import { secureSocket } from '../tls/secure-socket.ts';
import { ByteQueue, withoutLineEnd } from './byte-queue.ts';

export interface ConnectionLimits {
  /** of a line, without its line end */
  lineBytes: number;
  /** received but not yet looked at: from here on the socket is paused */
  inputBytes: number;
  /** answers are gathered up to here before they are written */
  outputBytes: number;
  /** a client that is silent or takes nothing for so long is cut off; a line that never ends too */
  timeoutMs: number;
  /** between our last answer and the end of the connection */
  lingerMs: number;
}

/** The client's end of POP3 and ManageSieve: lines and counted bytes in, bytes out, both bounded. */
export class Connection {
  secure: boolean;
  readonly remoteAddress: string;
  readonly #limits: ConnectionLimits;
  readonly #input = new ByteQueue();
  #socket: Socket;
  #timeoutMs: number;
  #ended = false;
  #wake: (() => void) | null = null;
  #output: Buffer[] = [];
  #outputBytes = 0;

  constructor(socket: Socket, secure: boolean, remoteAddress: string, limits: ConnectionLimits) {
    this.secure = secure;
    this.remoteAddress = remoteAddress;
    this.#limits = limits;
    this.#timeoutMs = limits.timeoutMs;
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

  setTimeout(ms: number): void {
    this.#timeoutMs = ms;
    this.#socket.setTimeout(ms);
  }

  /** The next line without its CRLF (or LF); null when the client is gone. Sends what is to be sent before it waits. */
  async readLine(): Promise<Buffer | 'too long' | null> {
    return this.#inTime(async () => {
      for (;;) {
        if (isTlsHandshake(this.#input.peek())) return null;
        const line = this.#input.takeLine(this.#limits.lineBytes + 1);
        if (line === 'too-long') return 'too long';
        if (line) return withoutLineEnd(line);
        if (!(await this.#more())) return null;
      }
    });
  }

  /** Exactly so many bytes; null when the client is gone. */
  async readBytes(count: number): Promise<Buffer | null> {
    const bytes = Buffer.allocUnsafeSlow(count);
    return this.#inTime(async () => {
      for (let filled = 0; ; ) {
        filled += this.#input.copyInto(bytes, filled);
        if (filled === count) return bytes;
        if (!(await this.#more())) return null;
      }
    });
  }

  /** Reads so many bytes and forgets them. False when the client is gone. */
  async skipBytes(count: number): Promise<boolean> {
    return this.#inTime(async () => {
      for (let left = count; ; ) {
        const here = Math.min(left, this.#input.length);
        this.#input.skip(here);
        left -= here;
        if (left === 0) return true;
        if (!(await this.#more())) return false;
      }
    });
  }

  /** Adds to what will be sent. Resolves at once unless so much waits that the client must take some of it first. */
  async write(...parts: readonly (Buffer | string)[]): Promise<void> {
    for (const part of parts) {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part;
      this.#output.push(bytes);
      this.#outputBytes += bytes.length;
    }
    if (this.#outputBytes >= this.#limits.outputBytes) await this.flush();
  }

  /** Sends what was written; resolves when the system has taken it or the client is gone. */
  async flush(): Promise<void> {
    if (this.#outputBytes === 0 || this.isGone) return;
    const parts = this.#output;
    const small = this.#outputBytes <= this.#limits.outputBytes;
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
  async startTls(services: Pick<Services, 'settings' | 'log'>, service: MailPort): Promise<boolean> {
    await this.flush();
    const plain = this.#socket;
    this.#detach(plain);
    plain.on('error', ignore);
    this.#input.clear();
    if (this.#ended) return false;
    try {
      const secured = await secureSocket(plain, services, { service, remoteAddress: this.remoteAddress });
      this.#socket = secured;
      this.#attach(secured);
      this.secure = true;
      return true;
    } catch {
      this.#ended = true;
      return false;
    }
  }

  /** Sends what waits and closes; whoever does not take it in time is cut off. */
  async end(): Promise<void> {
    await this.flush();
    const socket = this.#socket;
    socket.off('data', this.#onData);
    // who sent much more than we read would go on: it is not even taken from the system's buffer. Else read on, to notice the end.
    if (this.#input.length > this.#limits.lineBytes) socket.pause();
    else socket.resume();
    socket.end();
    setTimeout(() => socket.destroy(), this.#limits.lingerMs).unref();
  }

  /** Cuts the connection off; what waits is not sent. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** The socket's own time begins anew with each byte, so what is read needs one as a whole. */
  async #inTime<T>(read: () => Promise<T>): Promise<T> {
    const overdue = setTimeout(this.#onTimeout, this.#timeoutMs);
    try {
      return await read();
    } finally {
      clearTimeout(overdue);
    }
  }

  /** Waits until more is there. False when nothing will come any more. */
  async #more(): Promise<boolean> {
    const before = this.#input.length;
    await this.flush();
    if (this.#input.length > before) return true; // came while we sent
    if (this.#ended) return false;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#socket.resume();
    });
    return this.#input.length > before || !this.#ended;
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
    this.#input.push(chunk);
    if (this.#input.length > this.#limits.inputBytes) this.#socket.pause();
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
