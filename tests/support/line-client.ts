import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { patienceMs } from './eventually.ts';

/** A client that speaks lines, for what no library would send. */
export class LineClient {
  #socket: Socket;
  #received = Buffer.alloc(0);
  #closed = false;
  #wake: (() => void) | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#attach(socket);
  }

  static async open(port: number, options: { tls?: boolean; from?: string } = {}): Promise<LineClient> {
    const socket = connect({ port, host: '127.0.0.1', ...(options.from ? { localAddress: options.from } : {}) });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const client = new LineClient(socket);
    if (options.tls) await client.startTls();
    return client;
  }

  /** Does the client's part of a handshake on the connection as it is. */
  async startTls(): Promise<TLSSocket> {
    const plain = this.#socket;
    plain.removeAllListeners();
    this.#received = Buffer.alloc(0);
    const secure = connectTls({ socket: plain, rejectUnauthorized: false, servername: 'localhost' });
    await new Promise<void>((resolve, reject) => {
      secure.once('secureConnect', resolve);
      secure.once('error', reject);
      secure.once('close', () => reject(new Error('closed during the handshake')));
    });
    this.#socket = secure;
    this.#attach(secure);
    return secure;
  }

  send(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  /** Sends and then ends this side alone. */
  end(bytes = ''): void {
    this.#socket.end(bytes);
  }

  /** The next line without CRLF; null when the server has closed. */
  async line(): Promise<string | null> {
    const bytes = await this.#until(() => {
      const at = this.#received.indexOf('\r\n');
      return at === -1 ? -1 : at + 2;
    });
    return bytes === null ? null : bytes.subarray(0, -2).toString();
  }

  /** A command and the first line of its answer. */
  async ask(command: string): Promise<string | null> {
    this.send(`${command}\r\n`);
    return this.line();
  }

  /** Bytes up to and with `end`; null when the server has closed before. */
  bytesUntil(end: string): Promise<Buffer | null> {
    return this.#until(() => {
      const at = this.#received.indexOf(end);
      return at === -1 ? -1 : at + end.length;
    });
  }

  /** Resolves when the server has closed the connection. */
  async closed(): Promise<void> {
    while (!this.#closed) await this.#more();
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  pause(): void {
    this.#socket.pause();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  async #until(end: () => number): Promise<Buffer | null> {
    for (;;) {
      const at = end();
      if (at !== -1) {
        const bytes = this.#received.subarray(0, at);
        this.#received = this.#received.subarray(at);
        return bytes;
      }
      if (this.#closed) return null;
      await this.#more();
    }
  }

  #more(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer; so far: ${this.#received.subarray(0, 200)}`)), patienceMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #attach(socket: Socket): void {
    const wake = (): void => {
      const waiting = this.#wake;
      this.#wake = null;
      waiting?.();
    };
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed = true;
      wake();
    });
  }
}
