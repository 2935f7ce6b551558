import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { patienceMs } from './eventually.ts';

/** A response line with its literals: text holds "{n}" where a literal stood, literals holds their bytes. */
export interface Line {
  text: string;
  literals: Buffer[];
}

export interface Answer {
  /** "OK", "NO", "BAD" */
  status: string;
  /** the tagged line behind the tag */
  text: string;
  /** untagged responses in their order, without "* " */
  untagged: string[];
  lines: Line[];
}

/** Speaks IMAP byte for byte: sends what it is told and cuts the answers into lines. Nothing is interpreted. */
export class TestImap {
  readonly greeting: string;
  socket: Socket;
  #input: Buffer = Buffer.alloc(0);
  #lines: Line[] = [];
  #wake: (() => void) | null = null;
  #tag = 0;
  ended = false;

  private constructor(socket: Socket, greeting: string) {
    this.socket = socket;
    this.greeting = greeting;
  }

  static async connect(port: number, secure: boolean, localAddress?: string): Promise<TestImap> {
    const options = { port, host: '127.0.0.1', localAddress };
    const socket = secure ? connectTls({ ...options, rejectUnauthorized: false }) : connectPlain(options);
    const client = new TestImap(socket, '');
    client.#listen();
    const greeting = await client.line();
    return Object.assign(client, { greeting: greeting.text });
  }

  async startTls(): Promise<void> {
    this.socket.removeAllListeners();
    const secure = connectTls({ socket: this.socket, rejectUnauthorized: false });
    this.socket = secure;
    await new Promise<void>((resolve, reject) => {
      secure.once('secureConnect', resolve);
      secure.once('error', reject);
    });
    this.#listen();
  }

  send(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** The next response line. */
  async line(): Promise<Line> {
    const found = await this.#next();
    if (!found) throw new Error('connection ended');
    return found;
  }

  /** Null when the server closed the connection. */
  async #next(): Promise<Line | null> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const line = this.#lines.shift();
      if (line) return line;
      if (this.ended) return null;
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('no answer in time')), deadline - performance.now());
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = null;
    }
  }

  /** Sends one command and reads to its tagged answer. `parts`: what is sent after each "+" of the server. */
  async command(text: string | Buffer, ...parts: Array<string | Buffer>): Promise<Answer> {
    const tag = `t${++this.#tag}`;
    this.send(Buffer.concat([Buffer.from(`${tag} `), Buffer.from(text as string), Buffer.from('\r\n')]));
    return this.answer(tag, ...parts);
  }

  async answer(tag: string, ...parts: Array<string | Buffer>): Promise<Answer> {
    const lines: Line[] = [];
    for (;;) {
      const line = await this.line();
      if (line.text.startsWith('+')) {
        const part = parts.shift();
        if (part === undefined) throw new Error(`unexpected ${line.text}`);
        this.send(part);
      } else if (line.text.startsWith(`${tag} `)) {
        const text = line.text.slice(tag.length + 1);
        return { status: text.split(' ')[0] ?? '', text, untagged: lines.map((each) => each.text.replace(/^\* /, '')), lines };
      } else lines.push(line);
    }
  }

  /** A command that must end with OK. */
  async ok(text: string | Buffer, ...parts: Array<string | Buffer>): Promise<Answer> {
    const answer = await this.command(text, ...parts);
    if (answer.status !== 'OK') throw new Error(`${String(text).slice(0, 100)} -> ${answer.text}`);
    return answer;
  }

  async append(folder: string, message: string | Buffer, options = ''): Promise<Answer> {
    const bytes = Buffer.from(message as string);
    return this.ok(`APPEND ${folder} ${options}{${bytes.length}}`, Buffer.concat([bytes, Buffer.from('\r\n')]));
  }

  /** Resolves when the server has closed the connection; what it said before stands in the lines. */
  async closed(): Promise<string[]> {
    const said: string[] = [];
    for (;;) {
      const line = await this.#next();
      if (!line) return said;
      said.push(line.text);
    }
  }

  end(): void {
    this.socket.destroy();
    this.ended = true;
    this.#wake?.();
  }

  #listen(): void {
    const gone = () => {
      this.ended = true;
      this.#wake?.();
    };
    this.socket.on('data', (chunk: Buffer) => {
      this.#input = this.#input.length === 0 ? chunk : Buffer.concat([this.#input, chunk]);
      this.#parse();
      this.#wake?.();
    });
    this.socket.on('error', gone);
    this.socket.on('close', gone);
  }

  #parse(): void {
    let start = 0;
    for (;;) {
      let text = '';
      const literals: Buffer[] = [];
      let at = start;
      for (;;) {
        const end = this.#input.indexOf('\r\n', at);
        if (end < 0) {
          this.#input = this.#input.subarray(start);
          return;
        }
        const piece = this.#input.toString('utf8', at, end);
        text += piece;
        const announced = /\{(\d+)\}$/.exec(piece);
        if (!announced) {
          at = end + 2;
          break;
        }
        const size = Number(announced[1]);
        if (this.#input.length < end + 2 + size) {
          this.#input = this.#input.subarray(start);
          return;
        }
        literals.push(this.#input.subarray(end + 2, end + 2 + size));
        at = end + 2 + size;
      }
      this.#lines.push({ text, literals });
      start = at;
    }
  }
}

/** Numbers of the first untagged response that begins with `word`: "SEARCH 1 2" → [1, 2]. */
export const numbersOf = (answer: Answer, word: string): number[] =>
  (answer.untagged.find((line) => line === word || line.startsWith(`${word} `)) ?? '').split(' ').slice(1).map(Number);
