import type { Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import type { Principal } from '../auth/types.ts';
import type { Services } from '../services.ts';
import type { Place } from '../tls/connection-limits.ts';
import { isHttp } from '../tls/foreign-protocol.ts';
import type { Incoming, TlsInfo } from '../tls/listen.ts';
import { secureSocket } from '../tls/secure-socket.ts';
import { decodeCommand } from './decode-command.ts';
import { Patience } from './patience.ts';
import type { Profile, SmtpContext } from './context.ts';
import type { RecipientGuesses } from './recipient-guesses.ts';
import type { Transaction } from './transaction.ts';
import { closing, reply, serializeReply, unavailable, type Reply } from './reply.ts';
import { SmtpInput } from './smtp-input.ts';
import { idleTimeoutMs } from './timeouts.ts';
import { findCommand } from './commands/registry.ts';

const commandLineBytes = 2048;
const authenticationLineBytes = 12_288; // RFC 4954 section 4
const unsentBytes = 64 * 1024;
/** known from RFC 5321 and its extensions, and not offered here */
const notImplemented = new Set(['EXPN', 'ETRN', 'TURN', 'ATRN', 'SEND', 'SOML', 'SAML']);
const leadNowhere = new Set(['NOOP', 'RSET', 'VRFY', 'HELP', 'HELO', 'EHLO', 'LHLO']);
const restarting = closing(421, '4.3.2', 'Dienst wird neu gestartet - service is restarting');
const goodbye = closing(421, '4.7.0', 'Die Verbindung endet - closing connection');
const signedOut = closing(421, '4.7.0', 'Abgemeldet - signed out: sign in again');

/**
 * One connection. Its life is a loop: read a line, run its command, write the reply. Commands run one after the other, so pipelined
 * ones are answered in order; replies are held back until the session waits for the client, so a pipelined group is answered in one
 * write (RFC 2920 section 3.2).
 */
export class SmtpSession implements SmtpContext {
  readonly id = randomBytes(8).toString('hex');
  readonly services: Services;
  readonly profile: Profile;
  readonly remoteAddress: string;
  socket: Socket;
  input: SmtpInput;
  encryption: TlsInfo | null;
  /** name given with HELO, EHLO or LHLO; null before */
  greetedAs: string | null = null;
  extended = false;
  principal: Principal | null = null;
  failedLogins = 0;
  endsLinesBare = false;
  readonly #place: Place;
  readonly #patience: Patience;
  #transaction: Transaction | null = null;
  #output = '';
  /** why the session ends soon */
  #lastWord: Reply | null = null;
  #endWatch: (() => void) | null = null;
  #heard: (() => void) | null = null;

  constructor(services: Services, profile: Profile, { socket, remoteAddress, tls, place }: Incoming, guesses: RecipientGuesses) {
    this.services = services;
    this.profile = profile;
    this.socket = socket;
    this.remoteAddress = remoteAddress;
    this.encryption = tls;
    this.#place = place;
    this.#patience = new Patience(guesses, remoteAddress);
    this.input = this.#listenTo(socket);
  }

  async run(): Promise<void> {
    const { hostName } = this.services.settings;
    this.write(reply(220, null, `${hostName} ${this.profile.lmtp ? 'LMTP' : 'ESMTP'} Postamt`));
    try {
      for (;;) {
        const answer = await this.#next();
        if (!answer) break;
        this.write(answer);
        if (answer.closes) {
          // nobody is left without this word who has more to say (RFC 5321 section 3.8)
          if (answer.code !== 221 && answer.code !== 421) this.write(goodbye);
          break;
        }
        if (this.socket.writableLength > unsentBytes && !(await this.#drained())) break;
      }
    } finally {
      this.#endWatch?.();
      this.transaction = null;
    }
    this.flush();
    this.socket.end();
  }

  signIn(principal: Principal): boolean {
    if (!this.#place.signIn(principal)) return false;
    this.principal = principal;
    const client = { protocol: 'smtp', remoteAddress: this.remoteAddress } as const;
    this.#endWatch = this.services.authenticator.watch(principal, client, () => this.#endWith(signedOut));
    return true;
  }

  get transaction(): Transaction | null {
    return this.#transaction;
  }

  set transaction(next: Transaction | null) {
    if (this.#transaction !== next) this.#transaction?.chunks?.memory.end();
    this.#transaction = next;
  }

  whenHeard(callback: () => void): void {
    this.#heard = callback;
  }

  recipientFound(): void {
    this.#patience.recipientFound();
  }

  async recipientUnknown(answer: Reply, isOurs: boolean): Promise<Reply> {
    return this.profile.service === 'smtp' ? this.#patience.recipientUnknown(answer, isOurs) : answer;
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

  flush(): Promise<boolean> {
    if (this.socket.destroyed) return Promise.resolve(false);
    if (this.#output === '') return Promise.resolve(true);
    const output = this.#output;
    this.#output = '';
    return new Promise((resolve) => {
      this.socket.write(output, 'latin1', (error) => resolve(!error));
    });
  }

  async continuation(): Promise<string | Reply> {
    const line = await this.input.readLine(authenticationLineBytes, idleTimeoutMs);
    if (line.kind === 'line' || (line.kind === 'bare-newline' && !this.profile.strictLineEnds)) return line.bytes.toString('latin1');
    return line.kind === 'too-long' ? reply(500, '5.5.6', 'Line too long') : closing(421, '4.4.2', 'No answer');
  }

  async startTls(): Promise<boolean> {
    const clear = this.socket;
    await this.flush();
    if (!this.input.release()) return false;
    const client = { service: this.profile.service, remoteAddress: this.remoteAddress };
    const secured = await secureSocket(clear, this.services, client).catch(() => null);
    if (!secured) return false;
    this.socket = secured;
    this.input = this.#listenTo(secured);
    this.encryption = { protocol: secured.getProtocol() ?? 'TLS', cipher: secured.getCipher().standardName };
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

  /** The reply to the next line, or null when the connection ends without one. */
  async #next(): Promise<Reply | null> {
    // commands that have come are answered before a restart; who is signed out has nothing more to say
    if (this.#lastWord && (this.#lastWord === signedOut || this.input.empty)) return this.#lastWord;
    const limit = this.profile.offersAuthentication && !this.principal ? authenticationLineBytes : commandLineBytes;
    const line = await this.input.readLine(limit, idleTimeoutMs);
    if (line.kind === 'line') this.#heard?.();
    this.#heard = null;
    switch (line.kind) {
      case 'end':
        return null;
      case 'timeout':
        return this.#lastWord ?? closing(421, '4.4.2', 'Zu lange nichts gehoert - idle for too long, closing connection');
      case 'flood':
        return closing(500, '5.5.2', 'Line too long, closing connection');
      case 'too-long':
        return this.#patience.bad(reply(500, '5.5.2', `Line too long, at most ${limit} octets`));
      case 'bare-newline':
        if (this.profile.strictLineEnds) return this.#patience.bad(reply(500, '5.5.2', 'Lines end with CRLF, not with LF alone'));
    }
    this.endsLinesBare = line.kind === 'bare-newline';
    return this.#execute(line.bytes);
  }

  async #execute(bytes: Buffer): Promise<Reply | null> {
    const text = decodeCommand(bytes);
    if (text === null) return this.#patience.bad(reply(500, '5.5.2', 'Not a command'));
    if (isHttp(text)) return null;
    const space = text.indexOf(' ');
    const name = (space < 0 ? text : text.slice(0, space)).toUpperCase();
    const command = findCommand(name, this.profile);
    if (!command)
      return this.#patience.bad(
        notImplemented.has(name) ? reply(502, '5.5.1', 'Command not implemented') : reply(500, '5.5.1', 'Command not recognized'),
      );
    const argument = space < 0 ? '' : text.slice(space + 1).trim();
    const end = this.services.metrics.commandSeconds.startTimer({ protocol: 'smtp', command: name });
    let answer: Reply | null;
    try {
      answer = await command(this, argument);
    } catch (error) {
      this.services.log.error({ err: error, session: this.id, command: name }, 'an SMTP command failed');
      this.transaction = null;
      answer = unavailable();
    }
    end();
    if (!answer) return null;
    this.services.metrics.commands.inc({ protocol: 'smtp', command: name, result: `${Math.trunc(answer.code / 100)}xx` });
    if (answer.code >= 500 && answer.code <= 504) return this.#patience.bad(answer);
    if (answer.code === 250 && (name === 'DATA' || name === 'BDAT') && !this.#transaction) this.#patience.worked();
    return leadNowhere.has(name) ? this.#patience.idle(answer) : answer;
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
