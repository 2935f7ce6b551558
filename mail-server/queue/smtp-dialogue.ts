import { constants } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { anyTls } from '../tls/which-tls.ts';
import { isVouchedFor, type TlsaRecord } from './dane/tlsa.ts';

/** Why there is no answer: nothing listens there, the connection broke, it took too long, TLS did not come about, or it was no SMTP. */
export type DialogueFailureCode = 'unreachable' | 'closed' | 'timeout' | 'tls' | 'protocol';

export class DialogueFailure extends Error {
  readonly code: DialogueFailureCode;
  /** what the TLS of this platform calls it ("CERT_HAS_EXPIRED"), or we; "" if it has no name */
  readonly reason: string;

  constructor(code: DialogueFailureCode, message: string, reason = '') {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

/**
 * What a host must show: a certificate of its name that an authority vouches for (MTA-STS), or one that its TLSA records vouch for (DANE); with
 * no records that can be used any will do, but there must be TLS. 'watched': nothing, but what MTA-STS would have asked for is looked at.
 */
export type CertificateProof =
  | { kind: 'watched'; authorities: readonly string[] | null }
  | { kind: 'authority'; authorities: readonly string[] | null }
  | { kind: 'records'; records: readonly TlsaRecord[]; names: readonly string[] };

export interface SessionTls {
  protocol: string;
  cipher: string;
  /**
   * As Postfix calls it. Verified: the host has shown what its domain demands. Trusted: its certificate has its name and an authority vouches for it, but
   * it was let in without, too. Untrusted: it showed some certificate.
   */
  trust: 'verified' | 'trusted' | 'untrusted';
}

export interface SmtpReply {
  code: number;
  /** all lines as they came, joined by newlines */
  text: string;
}

const longestReply = 65_536;
const HYPHEN = 0x2d;

/** The client's side of an SMTP connection: lines out, replies in, each with a time limit that nothing which trickles in prolongs. */
export class SmtpDialogue {
  #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  /** in what was received: the first line that was not looked at */
  #nextLine = 0;
  #failure: DialogueFailure | null = null;
  #wake: () => void = () => undefined;
  /** null: clear text, so far */
  tls: SessionTls | null = null;
  /** what is wrong with a certificate that need not be right, by its name; "" for nothing, or for one that nobody looked at */
  certificateFault = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  static async open(address: string, port: number, timeoutMs: number): Promise<SmtpDialogue> {
    const socket = connect({ host: address, port });
    socket.setNoDelay(true);
    await settled(socket, 'connect', timeoutMs, 'unreachable', 'no connection');
    return new SmtpDialogue(socket);
  }

  /** our end of the connection */
  get localAddress(): string {
    return this.#socket.localAddress ?? '';
  }

  get broken(): boolean {
    return this.#failure !== null;
  }

  /** A whole reply has come and was not read yet: where none is due, it answers nothing that will be asked. */
  get hasSpoken(): boolean {
    return this.#endOfReply() >= 0;
  }

  /** One that says no. */
  get isRefused(): boolean {
    return /^[45]/.test(this.#received.toString('latin1', 0, 1)) && this.hasSpoken;
  }

  write(text: string): void {
    if (!this.#failure) this.#socket.write(text, 'utf8');
  }

  /** Resolves when the other side has room for more. */
  async send(bytes: Buffer, timeoutMs: number): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (!this.#socket.write(bytes))
      await this.#until(() => !this.#socket.writableNeedDrain, timeoutMs, 'the other host takes no more data');
  }

  command(line: string, timeoutMs: number): Promise<SmtpReply> {
    this.write(`${line}\r\n`);
    return this.reply(timeoutMs);
  }

  async reply(timeoutMs: number): Promise<SmtpReply> {
    let end = -1;
    await this.#until(
      () => {
        end = this.#endOfReply();
        if (end < 0 && this.#received.length > longestReply) this.#fail('protocol', 'an endless reply');
        return end >= 0;
      },
      timeoutMs,
      'no reply in time',
    );
    const text = decode(this.#received.subarray(0, end))
      .replace(/\r?\n$/, '')
      .replaceAll('\r\n', '\n');
    this.#received = this.#received.subarray(end);
    this.#nextLine = 0;
    // some hosts write a tab behind the code, or nothing
    const code = /^(\d{3})(?!\d)/.exec(text.slice(text.lastIndexOf('\n') + 1))?.[1];
    if (code) return { code: Number(code), text };
    this.#fail('protocol', `not an SMTP reply: ${text.slice(0, 200)}`);
    throw this.#failure;
  }

  /**
   * Client side of TLS. `proof`: what the certificate must be, else certificates are not checked, since nobody would know what to do
   * about one that is not right. What came in clear text behind the reply to STARTTLS is nobody's word. */
  async startTls(servername: string, timeoutMs: number, proof: CertificateProof | null = null): Promise<void> {
    if (this.#received.length > 0) throw new DialogueFailure('tls', 'text behind the reply to STARTTLS');
    this.#socket.removeAllListeners('data').removeAllListeners('close').removeAllListeners('error').removeAllListeners('drain');
    const secure = connectTls({
      socket: this.#socket,
      ...(/^[0-9.:]+$/.test(servername) ? {} : { servername }),
      rejectUnauthorized: proof?.kind === 'authority',
      ...((proof?.kind === 'authority' || proof?.kind === 'watched') && proof.authorities ? { ca: [...proof.authorities] } : {}),
      ...(proof && proof.kind !== 'watched'
        ? { minVersion: 'TLSv1.2' }
        : { ...anyTls, secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT }),
    });
    this.#socket = secure;
    await settled(secure, 'secureConnect', timeoutMs, 'tls', 'no TLS handshake');
    this.#listen();
    this.tls = { protocol: secure.getProtocol() ?? 'TLS', cipher: secure.getCipher().standardName, trust: trustIn(secure, proof) };
    if (proof?.kind === 'watched' && !secure.authorized) this.certificateFault = String(secure.authorizationError ?? 'unknown');
    if (proof?.kind !== 'records' || proof.records.length === 0) return;
    const certificate = secure.getPeerX509Certificate();
    if (certificate && isVouchedFor(proof.records, certificate, proof.names)) return;
    this.#fail('tls', 'its certificate is not the one of its TLSA records (DANE)', 'tlsa-mismatch');
    throw this.#failure;
  }

  /** Says goodbye if that is possible, and closes. */
  quit(): void {
    if (this.#failure) return;
    const socket = this.#socket;
    socket.end('QUIT\r\n');
    const timer = setTimeout(() => socket.destroy(), 5_000).unref();
    socket.once('close', () => clearTimeout(timer));
  }

  destroy(): void {
    this.#fail('closed', 'the connection was closed');
  }

  /**
   * Offset behind the last line of a reply ("250 …", no hyphen), or -1. What stands without a code behind a first line that goes on is a part of the
   * reply; a first line without one ends it, since whoever says that does not speak SMTP. Each line is looked at once, in however small pieces they come.
   */
  #endOfReply(): number {
    const bytes = this.#received;
    for (;;) {
      const start = this.#nextLine;
      const lineFeed = bytes.indexOf(10, start);
      if (lineFeed < 0) return -1;
      const isCode = /^\d{3}(?!\d)/.test(bytes.toString('latin1', start, Math.min(start + 4, lineFeed)));
      if (isCode ? bytes[start + 3] !== HYPHEN : start === 0) return lineFeed + 1;
      this.#nextLine = lineFeed + 1;
    }
  }

  #listen(): void {
    this.#socket
      .on('data', (chunk: Buffer) => {
        this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
        if (this.#received.length > 2 * longestReply) this.#fail('protocol', 'more than was asked for');
        this.#wake();
      })
      .on('drain', () => this.#wake())
      .on('error', (error) => this.#fail('closed', error.message))
      .on('close', () => this.#fail('closed', 'the other host closed the connection'));
  }

  /** Once: whoever waits looks again, and may find that it has failed. */
  #fail(code: DialogueFailureCode, message: string, reason = ''): void {
    if (this.#failure) return;
    this.#failure = new DialogueFailure(code, message, reason);
    this.#socket.destroy();
    this.#wake();
  }

  #until(isDone: () => boolean, timeoutMs: number, late: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail('timeout', late), Math.max(0, timeoutMs));
      const look = (): void => {
        const done = isDone();
        if (!done && !this.#failure) return;
        clearTimeout(timer);
        this.#wake = () => undefined;
        if (done) resolve();
        else reject(this.#failure ?? new Error(late));
      };
      this.#wake = look;
      look();
    });
  }
}

function trustIn({ authorized }: TLSSocket, proof: CertificateProof | null): SessionTls['trust'] {
  if (proof?.kind === 'authority' || (proof?.kind === 'records' && proof.records.length > 0)) return 'verified';
  return authorized ? 'trusted' : 'untrusted';
}

/** Waits for the first event of a socket that says yes or no. */
function settled(socket: Socket, event: string, timeoutMs: number, code: DialogueFailureCode, late: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (failure: DialogueFailure | null): void => {
      clearTimeout(timer);
      socket.removeAllListeners(event).removeAllListeners('error').removeAllListeners('close');
      if (!failure) {
        resolve();
        return;
      }
      socket.on('error', () => undefined).destroy();
      reject(failure);
    };
    const timer = setTimeout(() => finish(new DialogueFailure(code === 'unreachable' ? 'timeout' : code, late)), Math.max(0, timeoutMs));
    socket.once(event, () => finish(null));
    socket.once('error', (error) => finish(new DialogueFailure(code, error.message, 'code' in error ? String(error.code) : '')));
    socket.once('close', () => finish(new DialogueFailure(code, 'the other host closed the connection')));
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Replies are ASCII, or UTF-8 (RFC 6531 section 3.7.4.1), or whatever an old host is set to. */
function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
