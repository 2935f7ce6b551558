import type { Socket } from 'node:net';
import { limits } from '../limits.ts';

/** Bytes of a large message, read while they are sent: as many readers as there are connections hold one chunk each, not one message each. */
export interface LargePiece {
  length: number;
  /** together exactly `length` bytes */
  chunks(): AsyncIterable<Buffer>;
}

/**
 * The only thing that writes to a client's socket. Answers are collected and go out in large pieces; text is a byte string (each
 * character one byte, so UTF-8 must be encoded before it comes here). `drained` is the backpressure: whoever produces much awaits it
 * between pieces, holding no database connection meanwhile.
 */
export class ResponseWriter {
  #socket: Socket;
  #parts: Array<string | Buffer | LargePiece> = [];
  #text = '';
  #bytes = 0;
  /** one of the parts is a LargePiece: only `drained` can send them */
  #large = false;
  #ended = false;
  #touched = false;
  readonly #pace: () => Promise<void> | null;

  /** `pace`: lets others in where the turn is over */
  constructor(socket: Socket, pace: () => Promise<void> | null) {
    this.#socket = socket;
    this.#pace = pace;
  }

  /** After STARTTLS. */
  changeSocket(socket: Socket): void {
    this.#socket = socket;
  }

  /** A command begins: see `untouched`. */
  mark(): void {
    this.#touched = false;
  }

  /** Nothing was written since the mark, so a response may stand here. */
  get untouched(): boolean {
    return !this.#touched;
  }

  /** A piece of a response as it goes on the wire. */
  text(text: string): void {
    this.#touched = true;
    this.#text += text;
    this.#bytes += text.length;
  }

  bytes(bytes: Buffer): void {
    this.#touched = true;
    this.#endText();
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
  }

  /** What follows in the answer at this place is read when it is its turn to be sent. Await `drained` before long. */
  large(piece: LargePiece): void {
    this.#endText();
    this.#parts.push(piece);
    this.#large = true;
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
    return this.#bytes >= 65_536 || this.#large;
  }

  flush(): void {
    if (this.#bytes === 0 || this.#large) return;
    const size = this.#bytes;
    const parts = this.#parts.filter((part) => typeof part === 'string' || Buffer.isBuffer(part));
    const text = this.#text;
    this.#parts = [];
    this.#text = '';
    this.#bytes = 0;
    // what comes behind the last word is not kept either
    if (this.#ended || this.#socket.destroyed || !this.#socket.writable) return;
    if (parts.length === 0) this.#socket.write(text, 'latin1');
    else this.#write(parts, text, size);
  }

  /**
   * Sends what is there and waits until the client has taken most of it. Rejects when it takes nothing for limits.writeTimeoutMs, or is gone.
   * A client that takes all at once never makes us wait: a FETCH of a large folder would keep everybody else from being heard.
   */
  async drained(): Promise<void> {
    if (this.full) await this.#pace();
    if (this.#large) await this.#sendLarge();
    this.flush();
    await this.#room();
  }

  async #sendLarge(): Promise<void> {
    this.#endText();
    const parts = this.#parts;
    this.#parts = [];
    this.#bytes = 0;
    this.#large = false;
    for (const part of parts) {
      if (typeof part === 'string') this.text(part);
      else if (Buffer.isBuffer(part)) this.bytes(part);
      else await this.#stream(part);
    }
  }

  /** The literal's length is said already: a client that cannot get all of it must not take what comes next for the rest of it. */
  async #stream({ length, chunks }: LargePiece): Promise<void> {
    this.flush();
    let left = length;
    try {
      for await (const chunk of chunks()) {
        if (this.#socket.destroyed) throw new ConnectionLost();
        left -= chunk.length;
        this.#socket.write(chunk);
        await this.#room();
      }
    } catch {
      left = -1;
    }
    if (left === 0) return;
    this.#socket.destroy();
    throw new ConnectionLost();
  }

  #endText(): void {
    if (this.#text === '') return;
    this.#parts.push(this.#text);
    this.#text = '';
  }

  async #room(): Promise<void> {
    const socket = this.#socket;
    if (socket.destroyed) throw new ConnectionLost();
    if (socket.writableLength < limits.outputBytes) return;
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
