import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { mailboxToken } from '../connection/connect-imap.ts';
import { MailError } from '../connection/mail-error.ts';
import { mailHost } from '../connection/mail-host.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';

/** One answer of the server (RFC 5804 section 1.2): what stood in its lines, and its last line. */
interface Reply {
  word: 'OK' | 'NO' | 'BYE';
  code: string;
  text: string;
  /** strings and atoms of each line before */
  lines: string[][];
}

const timeoutMs = 15_000;
const mostBytes = 32 * 1024 * 1024;

/**
 * The mailbox's scripts by ManageSieve (RFC 5804), as any other editor reaches them: what is valid says the server, in one place. Open one
 * with `withSieve`.
 */
export class SieveClient {
  #socket: Socket;
  #received = Buffer.alloc(0);
  #wake: (() => void) | null = null;
  #ended = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  /** Throws MailError Unreachable, SessionEnded. */
  static async open(mailbox: MailboxIdentity): Promise<SieveClient> {
    const host = mailHost();
    const client = new SieveClient(connectPlain({ host: host.connectTo, port: host.sievePort }));
    try {
      await client.#reply();
      await client.#ask('STARTTLS');
      client.#secure();
      await client.#reply();
      const token = await mailboxToken(mailbox);
      const response = Buffer.from(`n,a=${mailbox.address},\u0001auth=Bearer ${token}\u0001\u0001`).toString('base64');
      const { word, code } = await client.#send(`AUTHENTICATE "OAUTHBEARER" "${response}"`);
      if (word !== 'OK') throw new MailError(code === 'TRYLATER' ? 'Unreachable' : 'SessionEnded');
      return client;
    } catch (error) {
      client.close();
      throw error instanceof MailError ? error : new MailError('Unreachable', '', error);
    }
  }

  async list(): Promise<{ name: string; active: boolean }[]> {
    const { lines } = await this.#ask('LISTSCRIPTS');
    return lines.map(([name = '', active]) => ({ name, active: active?.toUpperCase() === 'ACTIVE' }));
  }

  /** Null where there is none of that name. */
  async get(name: string): Promise<string | null> {
    const reply = await this.#send(`GETSCRIPT ${literal(name)}`);
    if (reply.code === 'NONEXISTENT') return null;
    return this.#mustBeOk(reply).lines[0]?.[0] ?? '';
  }

  /** Null, or what is wrong with it, a line for each fault. */
  async check(content: string): Promise<string | null> {
    const reply = await this.#send(`CHECKSCRIPT ${literal(content)}`);
    return reply.word === 'OK' ? null : reply.text;
  }

  /** Null, or why the server does not keep it. */
  async put(name: string, content: string): Promise<string | null> {
    const reply = await this.#send(`PUTSCRIPT ${literal(name)} ${literal(content)}`);
    return reply.word === 'OK' ? null : reply.text;
  }

  /** The empty name makes none active. Null, or why not. */
  async activate(name: string): Promise<string | null> {
    const reply = await this.#send(`SETACTIVE ${literal(name)}`);
    return reply.word === 'OK' ? null : reply.text;
  }

  close(): void {
    this.#socket.destroy();
  }

  #secure(): void {
    const host = mailHost();
    this.#socket.removeAllListeners();
    // what came in plain text before belongs to nothing (RFC 5804 section 2.2)
    this.#received = Buffer.alloc(0);
    this.#socket = connectTls({ socket: this.#socket, ca: host.ca, servername: host.name });
    this.#listen();
  }

  #listen(): void {
    const end = () => {
      this.#ended = true;
      this.#wake?.();
    };
    this.#socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      if (this.#received.length > mostBytes) this.#socket.destroy();
      this.#wake?.();
    });
    this.#socket.on('error', end).on('close', end);
    this.#socket.setTimeout(timeoutMs, () => this.#socket.destroy());
  }

  async #ask(command: string): Promise<Reply> {
    return this.#mustBeOk(await this.#send(command));
  }

  #mustBeOk(reply: Reply): Reply {
    if (reply.word !== 'OK') throw new MailError(reply.word === 'BYE' ? 'Unreachable' : 'Refused', reply.text);
    return reply;
  }

  #send(command: string): Promise<Reply> {
    this.#socket.write(`${command}\r\n`);
    return this.#reply();
  }

  async #reply(): Promise<Reply> {
    const lines: string[][] = [];
    for (;;) {
      const { words, first } = await this.#line();
      if (first !== 'OK' && first !== 'NO' && first !== 'BYE') {
        lines.push(words);
        continue;
      }
      const code = words[1]?.startsWith('(') ? words[1].slice(1, -1) : '';
      return { word: first, code, text: words.slice(code === '' ? 1 : 2).join(' '), lines };
    }
  }

  /** `first`: the first word where it is an atom, in capitals. */
  async #line(): Promise<{ words: string[]; first: string }> {
    const words: string[] = [];
    let first = '';
    for (;;) {
      const line = await this.#textLine();
      for (const [word] of line.matchAll(/"(?:[^"\\]|\\.)*"|\([^)]*\)|\{\d+\+?\}|[^\s"({]+/g)) {
        if (/^\{\d+\+?\}$/.test(word)) continue;
        if (words.length === 0 && !word.startsWith('"')) first = word.toUpperCase();
        words.push(word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word);
      }
      const size = /\{(\d+)\+?\}$/.exec(line)?.[1];
      if (size === undefined) return { words, first };
      words.push((await this.#bytes(Number(size))).toString('utf8'));
    }
  }

  async #textLine(): Promise<string> {
    const at = await this.#until(() => {
      const found = this.#received.indexOf('\r\n');
      return found < 0 ? null : found;
    });
    const line = this.#received.toString('utf8', 0, at);
    this.#received = this.#received.subarray(at + 2);
    return line;
  }

  async #bytes(size: number): Promise<Buffer> {
    await this.#until(() => (this.#received.length < size ? null : size));
    const bytes = this.#received.subarray(0, size);
    this.#received = this.#received.subarray(size);
    return bytes;
  }

  async #until(found: () => number | null): Promise<number> {
    for (;;) {
      const at = found();
      if (at !== null) return at;
      if (this.#ended) throw new MailError('Unreachable');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

const literal = (text: string): string => `{${Buffer.byteLength(text)}+}\r\n${text}`;

/** Runs `work` on a connection of its own. Throws MailError. */
export async function withSieve<T>(mailbox: MailboxIdentity, work: (client: SieveClient) => Promise<T>): Promise<T> {
  const client = await SieveClient.open(mailbox);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}
