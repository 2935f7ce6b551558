import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { mayLogIn } from '../auth/cleartext.ts';
import { channelOf, type Channel } from '../auth/sasl/channel-binding.ts';
import type { Principal } from '../auth/types.ts';
import type { Services } from '../services.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import type { MailStore } from '../store/mail-store.ts';
import type { Place } from '../tls/connection-limits.ts';
import { secureSocket } from '../tls/secure-socket.ts';
import type { BoundedCounts } from '../../lib/workers/bounded-counts.ts';
import type { MemoryBudget } from '../memory-budget.ts';
import type { Turns } from '../turns.ts';
import { capabilities } from './capabilities.ts';
import { askWhetherGone } from './ask-whether-gone.ts';
import { CommandLoop } from './command-loop.ts';
import type { Continuation, ImapSession, State } from './context.ts';
import { IdleNews } from './idle-news.ts';
import { limits } from './limits.ts';
import type { View } from './select/view.ts';
import { ConnectionLost, ResponseWriter } from './serializer/response-writer.ts';
import { attach, detach } from './socket-events.ts';

const LF = 10;

export interface SessionOptions {
  services: Services;
  mailboxConnections: BoundedCounts<AccountId>;
  appendBudget: MemoryBudget<AccountId>;
  turns: Turns<AccountId>;
  remoteAddress: string;
  place: Place;
  /** what is said is encrypted already */
  secure: boolean;
}

/**
 * One connection.
 *
 * State machine (RFC 9051 section 3): it begins not-authenticated. LOGIN and AUTHENTICATE lead to authenticated; SELECT and EXAMINE from
 * there, or from one folder to the next, to selected; CLOSE, UNSELECT, a SELECT that fails and deleting the selected folder lead back to
 * authenticated. LOGOUT, BYE and the end of the connection lead to logout, which nothing leaves. STARTTLS stays in not-authenticated and
 * forgets everything that was received before the handshake.
 *
 * While the client idles no promise and no timer is held: lines and hints call in, and the server's sweep keeps the flow alive.
 */
export class Session implements ImapSession {
  readonly services: Services;
  readonly remoteAddress: string;
  readonly appendBudget: MemoryBudget<AccountId>;
  readonly writer: ResponseWriter;
  readonly connectedAt = performance.now();
  secure: boolean;
  state: State = 'not-authenticated';
  principal: Principal | null = null;
  view: View | null = null;
  isRev2 = false;
  condstore = false;
  continuation: Continuation | null = null;
  failedLogins = 0;
  lastActivity = performance.now();
  /** The connection is gone. */
  ended = false;
  readonly #loop: CommandLoop;
  readonly #news = new IdleNews(this);
  readonly #mailboxConnections: BoundedCounts<AccountId>;
  readonly #place: Place;
  readonly #turns: Turns<AccountId>;
  #turnBegan = 0;
  /** made when somebody asks: most sessions idle all their life */
  #gone: AbortController | null = null;
  #endOfHints: (() => void) | null = null;
  #socket: Socket;
  #inputEnded = false;
  #counted = false;
  #endWatch: (() => void) | null = null;
  #signedOutAt: number | null = null;

  constructor(socket: Socket, { services, mailboxConnections, appendBudget, turns, remoteAddress, place, secure }: SessionOptions) {
    this.#socket = socket;
    this.secure = secure;
    this.#place = place;
    this.services = services;
    this.remoteAddress = remoteAddress;
    this.appendBudget = appendBudget;
    this.#mailboxConnections = mailboxConnections;
    this.#turns = turns;
    this.writer = new ResponseWriter(socket, () => this.pace());
    this.#loop = new CommandLoop(this);
  }

  get store(): MailStore {
    return this.services.store;
  }

  get log(): Logger {
    return this.services.log;
  }

  get socket(): Socket {
    return this.#socket;
  }

  get channel(): Channel | null {
    return channelOf(this.#socket);
  }

  get mayLogIn(): boolean {
    return mayLogIn(this, this.services.settings);
  }

  /** A command is running. */
  get busy(): boolean {
    return this.#loop.running;
  }

  /** The account of a logged-in session; the command registry lets no other reach a command that asks. */
  get account(): AccountId {
    if (!this.principal) throw new Error('command ran before login');
    return this.principal.accountId;
  }

  get selectedView(): View {
    if (this.ended) throw new ConnectionLost();
    if (!this.view) throw new Error('command ran without a selected folder');
    return this.view;
  }

  get signal(): AbortSignal {
    if (!this.#gone) {
      this.#gone = new AbortController();
      setMaxListeners(0, this.#gone.signal);
      if (this.ended) this.#gone.abort();
    }
    return this.#gone.signal;
  }

  pace(): Promise<void> | null {
    if (this.ended) throw new ConnectionLost();
    if (performance.now() - this.#turnBegan < limits.turnMs) return null;
    return this.#nextTurn();
  }

  async #nextTurn(): Promise<void> {
    if (this.principal) await this.#turns.next(this.principal.accountId);
    else await new Promise((resolve) => setImmediate(resolve));
    this.#turnBegan = performance.now();
    if (this.ended) throw new ConnectionLost();
  }

  /** The client sends no more, and may be gone altogether: only a write tells. */
  get hasEndedInput(): boolean {
    return this.#inputEnded;
  }

  greet(): void {
    this.writer.untagged(`OK [CAPABILITY ${capabilities(this)}] ${this.services.settings.hostName} is ready`);
    this.writer.flush();
  }

  receive(chunk: Buffer): void {
    if (this.state === 'logout') return;
    // a line that comes byte by byte is no sign of life before its end
    if (chunk.includes(LF) || this.#loop.takesLiteral) this.lastActivity = performance.now();
    if (!this.busy) this.#turnBegan = performance.now();
    this.#loop.receive(chunk);
  }

  /** The client will send no more: it gets the answers to what it has sent, then the connection ends. */
  inputEnded(): void {
    this.#inputEnded = true;
    this.settled();
    askWhetherGone(this);
  }

  /** Nothing is running: time to end where the client has ended its side. */
  settled(): void {
    if (this.#inputEnded && !this.busy && this.state !== 'logout') this.endConnection();
  }

  /** Login succeeded. False when the mailbox has too many connections. */
  authenticated(principal: Principal): boolean {
    if (!this.#place.signIn(principal)) return false;
    if (!this.#mailboxConnections.enter(principal.accountId)) return false;
    this.#counted = true;
    this.principal = principal;
    this.state = 'authenticated';
    // for all its life and not for a folder's: nothing to forget when the client goes while one is opened
    this.#endOfHints = this.store.onChange(principal.accountId, this.#news.hint);
    const client = { protocol: 'imap', remoteAddress: this.remoteAddress } as const;
    this.#endWatch = this.services.authenticator.watch(principal, client, () => {
      this.#signedOutAt = performance.now();
      if (!this.busy) this.byeIfSignedOut();
    });
    return true;
  }

  /** The mailbox or its credentials changed, or the operator ends it: nothing more is done for the client. */
  byeIfSignedOut(): void {
    if (this.#signedOutAt !== null) this.bye('Signed out: sign in again');
  }

  /** A CONDSTORE-enabling command (RFC 7162 section 3.1): with a folder open the client is told its HIGHESTMODSEQ once. */
  enableCondstore(): void {
    if (this.condstore) return;
    this.condstore = true;
    if (this.view) this.writer.untagged(`OK [HIGHESTMODSEQ ${this.view.shown.highestmodseq}] Highest`);
  }

  enableRev2(): void {
    this.isRev2 = true;
  }

  enterFolder(view: View): void {
    if (this.ended) throw new ConnectionLost();
    this.view = view;
    this.state = 'selected';
  }

  leaveFolder(): void {
    this.view = null;
    if (this.state === 'selected') this.state = 'authenticated';
  }

  /** Resolves when nothing is being told to an idling client. */
  async quiet(): Promise<void> {
    await this.#news.telling;
  }

  /** STARTTLS: the handshake begins on the bare socket; nothing received so far counts. */
  async startTls(): Promise<void> {
    const bare = this.#socket;
    this.writer.flush();
    await new Promise<void>((resolve) => bare.write('', () => resolve()));
    bare.pause();
    detach(bare);
    this.#loop.forgetInput();
    const secure = await secureSocket(bare, this.services, { service: 'imap', remoteAddress: this.remoteAddress }).catch(() => {
      this.closed();
      throw new ConnectionLost();
    });
    this.#socket = secure;
    this.secure = true;
    this.writer.changeSocket(secure);
    attach(secure, this);
  }

  beginIdle(continuation: Continuation): void {
    this.continuation = continuation;
    this.#news.begin();
  }

  /** Called every few seconds by the server: time limits and signs of life. */
  sweep(now: number): void {
    if (this.state === 'logout') {
      if (now - this.lastActivity > limits.logoutMs) this.#socket.destroy();
    } else if (this.#signedOutAt !== null && now - this.#signedOutAt > limits.signedOutMs) {
      this.#socket.destroy(); // its last command does not come to an end
    } else if (!this.principal && now - this.connectedAt > limits.unauthenticatedTimeoutMs) {
      this.bye('Log in sooner');
    } else if (!this.busy && now - this.lastActivity > this.services.settings.idleTimeoutMs) {
      this.bye('Idle for too long');
    } else this.#news.sweep(now);
  }

  /** Ends the connection with a reason. */
  bye(text: string, code?: string): void {
    if (this.state === 'logout') return;
    this.writer.untagged(`BYE ${code ? `[${code}] ` : ''}${text}`);
    this.endConnection();
    // whoever goes on sending is not read any more, so a flood costs no memory; the sweep destroys what does not close
    this.#socket.pause();
  }

  endConnection(): void {
    this.state = 'logout';
    this.lastActivity = performance.now();
    this.writer.end();
  }

  /** The connection is gone: gives back all that it held. */
  closed(): void {
    this.ended = true;
    this.state = 'logout';
    this.continuation = null;
    this.#endWatch?.();
    this.#endOfHints?.();
    this.#gone?.abort();
    this.leaveFolder();
    this.#loop.forgetInput();
    if (this.#counted && this.principal) this.#mailboxConnections.leave(this.principal.accountId);
    this.#counted = false;
  }
}
