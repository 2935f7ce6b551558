import type { Socket } from 'node:net';
import { limits } from '../limits.ts';

/**
 * The only thing that writes to a client's socket. Answers are collected and go out in large pieces; text is a byte string (each
 * character one byte, so UTF-8 must be encoded before it comes here). `drained` is the backpressure: whoever produces much awaits it
 * between pieces, holding no database connection meanwhile.
 */
export class ResponseWriter {
  #socket: Socket;
  #parts: Array<string | Buffer> = [];
  #text = '';
  #bytes = 0;
  #ended = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** After STARTTLS. */
  changeSocket(socket: Socket): void {
    this.#socket = socket;
  }

  /** A piece of a response as it goes on the wire. */
  text(text: string): void {
    this.#text += text;
    this.#bytes += text.length;
  }

  bytes(bytes: Buffer): void {
    if (this.#text !== '') {
      this.#parts.push(this.#text);
      this.#text = '';
    }
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
  }

  /** Literal with its announcement: `{5}` CRLF hello; `~{5}` for bytes with NUL (RFC 3516). */
  literal(bytes: Buffer, binary = false): void {
    this.text(`${binary ? '~' : ''}{${bytes.length}}\r\n`);
    this.bytes(bytes);
  }

  /** "* " text CRLF */
  untagged(text: string): void {
    this.text(`* ${text}\r\n`);
  }

  tagged(tag: string, text: string): void {
    this.text(`${tag} ${text}\r\n`);
  }

  /** "+ " text CRLF, sent at once: the client waits for it. */
  continuation(text: string): void {
    this.text(`+ ${text}\r\n`);
    this.flush();
  }

  /** True when enough has been collected to send; then flush, and await drained. */
  get full(): boolean {
    return this.#bytes >= 65_536;
  }

  flush(): void {
    if (this.#bytes === 0 || this.#ended) return;
    const size = this.#bytes;
    const parts = this.#parts;
    const text = this.#text;
    this.#parts = [];
    this.#text = '';
    this.#bytes = 0;
    if (this.#socket.destroyed || !this.#socket.writable) return;
    if (parts.length === 0) this.#socket.write(text, 'latin1');
    else this.#write(parts, text, size);
  }

  /** Sends what is there and waits until the client has taken most of it. Rejects when it takes nothing for limits.writeTimeoutMs. */
  async drained(): Promise<void> {
    this.flush();
    const socket = this.#socket;
    if (socket.destroyed || socket.writableLength < limits.outputBytes) return;
    await new Promise<void>((resolve, reject) => {
      const done = (error?: Error) => {
        clearTimeout(timer);
        socket.off('drain', onDrain).off('close', onClose);
        if (error) reject(error);
        else resolve();
      };
      const onDrain = () => done();
      const onClose = () => done(new ConnectionLost());
      const timer = setTimeout(() => {
        socket.destroy();
        done(new ConnectionLost());
      }, limits.writeTimeoutMs);
      socket.on('drain', onDrain).on('close', onClose);
    });
  }

  /** Sends what is there and closes our side. Nothing is written after it. */
  end(): void {
    if (this.#ended) return;
    this.flush();
    this.#ended = true;
    if (!this.#socket.destroyed) this.#socket.end();
  }

  #write(parts: ReadonlyArray<string | Buffer>, text: string, size: number): void {
    let joined = Buffer.allocUnsafe(Math.min(size, 1_048_576));
    let used = 0;
    this.#socket.cork();
    for (const part of text === '' ? parts : [...parts, text]) {
      // a large body goes out as it is, the small pieces around it are joined
      if (typeof part !== 'string' && part.length > 131_072) {
        if (used > 0) this.#socket.write(joined.subarray(0, used));
        this.#socket.write(part);
        joined = joined.subarray(used);
        used = 0;
        continue;
      }
      if (used + part.length > joined.length) {
        if (used > 0) this.#socket.write(joined.subarray(0, used));
        joined = Buffer.allocUnsafe(Math.max(131_072, part.length));
        used = 0;
      }
      used += typeof part === 'string' ? joined.write(part, used, 'latin1') : part.copy(joined, used);
    }
    if (used > 0) this.#socket.write(joined.subarray(0, used));
    this.#socket.uncork();
  }
}

/** The client went away or takes nothing: ends the command quietly. */
export class ConnectionLost extends Error {
  constructor() {
    super('connection lost');
    this.name = 'ConnectionLost';
  }
}
