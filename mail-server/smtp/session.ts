import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { randomBytes } from 'node:crypto';
import type { Principal } from '../auth/types.ts';
import type { Services } from '../services.ts';
import { secureSocket } from '../tls/secure-socket.ts';
import type { Profile, Transaction } from './profile.ts';
import { closing, reply, serializeReply, unavailable, type Reply } from './reply.ts';
import { SmtpInput } from './smtp-input.ts';
import { idleTimeoutMs } from './timeouts.ts';
import { findCommand } from './commands/registry.ts';

const commandLineBytes = 2048;
const authenticationLineBytes = 12_288; // RFC 4954 section 4
const badCommands = 20;
const unsentBytes = 64 * 1024;
/** known from RFC 5321 and its extensions, and not offered here */
const notImplemented = new Set(['EXPN', 'ETRN', 'TURN', 'ATRN', 'BDAT', 'SEND', 'SOML', 'SAML']);
const restarting = closing(421, '4.3.2', 'Dienst wird neu gestartet - service is restarting');
const signedOut = closing(421, '4.7.0', 'Abgemeldet - signed out: mailbox or password changed');

/**
 * One connection. Its life is a loop: read a line, run its command, write the reply. Commands run one after the other, so pipelined
 * ones are answered in order; replies are held back until the session waits for the client, so a pipelined group is answered in one
 * write (RFC 2920 section 3.2).
 */
export class SmtpSession {
  readonly id = randomBytes(8).toString('hex');
  readonly services: Services;
  readonly profile: Profile;
  readonly remoteAddress: string;
  socket: Socket;
  input: SmtpInput;
  encryption: { protocol: string; cipher: string } | null = null;
  /** name given with HELO, EHLO or LHLO; null before */
  greetedAs: string | null = null;
  extended = false;
  principal: Principal | null = null;
  transaction: Transaction | null = null;
  failedLogins = 0;
  #badCommands = 0;
  #output = '';
  /** why the session ends soon */
  #lastWord: Reply | null = null;
  #endWatch: (() => void) | null = null;

  constructor(services: Services, profile: Profile, socket: Socket, remoteAddress: string) {
    this.services = services;
    this.profile = profile;
    this.socket = socket;
    this.remoteAddress = remoteAddress;
    this.input = this.#listenTo(socket);
    if (socket instanceof TLSSocket) this.#noteEncryption(socket);
  }

  async run(): Promise<void> {
    const { hostName } = this.services.settings;
    this.write(reply(220, null, `${hostName} ${this.profile.lmtp ? 'LMTP' : 'ESMTP'} Postamt`));
    try {
      for (;;) {
        const answer = await this.#next();
        if (!answer) break;
        this.write(answer);
        if (answer.closes) break;
        if (this.socket.writableLength > unsentBytes && !(await this.#drained())) break;
      }
    } finally {
      this.#endWatch?.();
    }
    this.flush();
    this.socket.end();
  }

  /** Submits as this mailbox from here on, until it or its credentials change. */
  signIn(principal: Principal): void {
    this.principal = principal;
    this.#endWatch = this.services.authenticator.watch(principal, () => this.#endWith(signedOut));
  }

  /** Called when the server goes down: the session ends as soon as its present command has been answered. */
  shutDown(): void {
    this.#endWith(restarting);
  }

  #endWith(lastWord: Reply): void {
    this.#lastWord = lastWord;
    if (this.input.waiting) this.input.interrupt();
  }

  write(answer: Reply): void {
    this.#output += serializeReply(answer);
  }

  /** Writes what was held back; resolves to true when it was handed to the kernel, to false when the connection is gone. */
  flush(): Promise<boolean> {
    if (this.socket.destroyed) return Promise.resolve(false);
    if (this.#output === '') return Promise.resolve(true);
    const output = this.#output;
    this.#output = '';
    return new Promise((resolve) => {
      this.socket.write(output, 'latin1', (error) => resolve(!error));
    });
  }

  /** A line in the middle of a command (SASL). Null when there is none; the connection is of no more use then. */
  async continuation(): Promise<string | null> {
    const line = await this.input.readLine(authenticationLineBytes, idleTimeoutMs);
    return line.kind === 'line' ? line.bytes.toString('latin1') : null;
  }

  /** RFC 3207 section 4.2: what was said in clear text is forgotten. Resolves to false if there is no TLS session in the end. */
  async startTls(): Promise<boolean> {
    const clear = this.socket;
    await this.flush();
    if (!this.input.release()) return false;
    const secured = await secureSocket(clear, this.services.settings.tls.context).catch(() => null);
    if (!secured) return false;
    this.socket = secured;
    this.input = this.#listenTo(secured);
    this.#noteEncryption(secured);
    this.greetedAs = null;
    this.extended = false;
    this.transaction = null;
    return true;
  }

  #listenTo(socket: Socket): SmtpInput {
    socket.on('error', () => socket.destroy());
    const input = new SmtpInput(socket);
    input.beforeWait = () => void this.flush();
    return input;
  }

  #noteEncryption(socket: TLSSocket): void {
    this.encryption = { protocol: socket.getProtocol() ?? 'TLS', cipher: socket.getCipher().standardName };
  }

  /** The reply to the next line, or null when the connection ends without one. */
  async #next(): Promise<Reply | null> {
    // commands that have come are answered before a restart; who is signed out has nothing more to say
    if (this.#lastWord && (this.#lastWord === signedOut || this.input.empty)) return this.#lastWord;
    const limit = this.profile.offersAuthentication && !this.principal ? authenticationLineBytes : commandLineBytes;
    const line = await this.input.readLine(limit, idleTimeoutMs);
    switch (line.kind) {
      case 'end':
        return null;
      case 'timeout':
        return this.#lastWord ?? closing(421, '4.4.2', 'Zu lange nichts gehoert - idle for too long, closing connection');
      case 'flood':
        return closing(500, '5.5.2', 'Line too long, closing connection');
      case 'too-long':
        return this.#bad(reply(500, '5.5.2', `Line too long, at most ${limit} octets`));
      case 'bare-newline':
        return this.#bad(reply(500, '5.5.2', 'Lines end with CRLF, not with LF alone'));
    }
    return this.#execute(line.bytes);
  }

  async #execute(bytes: Buffer): Promise<Reply> {
    const text = decode(bytes);
    if (text === null) return this.#bad(reply(500, '5.5.2', 'Not a command'));
    const space = text.indexOf(' ');
    const name = (space < 0 ? text : text.slice(0, space)).toUpperCase();
    const command = findCommand(name, this.profile);
    if (!command)
      return this.#bad(
        notImplemented.has(name) ? reply(502, '5.5.1', 'Command not implemented') : reply(500, '5.5.1', 'Command not recognized'),
      );
    const argument = space < 0 ? '' : text.slice(space + 1).trim();
    const end = this.services.metrics.commandSeconds.startTimer({ protocol: 'smtp', command: name });
    let answer: Reply;
    try {
      answer = await command(this, argument);
    } catch (error) {
      this.services.log.error({ err: error, session: this.id, command: name }, 'an SMTP command failed');
      this.transaction = null;
      answer = unavailable();
    }
    end();
    this.services.metrics.commands.inc({ protocol: 'smtp', command: name, result: `${Math.trunc(answer.code / 100)}xx` });
    return answer.code >= 500 && answer.code <= 504 ? this.#bad(answer) : answer;
  }

  /** A client that makes mistake after mistake is sent away. */
  #bad(answer: Reply): Reply {
    return ++this.#badCommands >= badCommands ? closing(421, '4.7.0', 'Too many errors, closing connection') : answer;
  }

  #drained(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(false), idleTimeoutMs);
      const onDrain = () => settle(true);
      const onClose = () => settle(false);
      const settle = (drained: boolean) => {
        clearTimeout(timer);
        this.socket.off('drain', onDrain).off('close', onClose);
        resolve(drained);
      };
      this.socket.once('drain', onDrain).once('close', onClose);
      void this.flush();
      if (!this.socket.writableNeedDrain) settle(!this.socket.destroyed);
    });
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Null for what no command contains: control characters, bytes that are not UTF-8. */
function decode(bytes: Buffer): string | null {
  try {
    const text = utf8.decode(bytes);
    return /\p{Cc}/u.test(text) ? null : text;
  } catch {
    return null;
  }
}
