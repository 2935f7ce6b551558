import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Logger } from 'pino';
import { mayLogIn } from '../auth/cleartext.ts';
import type { Principal } from '../auth/types.ts';
import type { Services } from '../services.ts';
import { StoreError } from '../store/store-error.ts';
import type { AccountId, FolderSnapshot, MailStore } from '../store/types.ts';
import { secureSocket } from '../tls/secure-socket.ts';
import { capabilities } from './capabilities.ts';
import { findCommand, type FoundCommand } from './commands/registry.ts';
import { bad, formatCompletion, no, type Completion } from './completion.ts';
import { storeErrorResponse } from './error-responses.ts';
import { limits } from './limits.ts';
import type { MailboxConnections } from './mailbox-connections.ts';
import { CommandReader, type RawCommand, type ReadLimits, type ReadResult } from './parser/command-reader.ts';
import { Cursor } from './parser/cursor.ts';
import { ParseError } from './parser/parse-error.ts';
import { announce } from './select/announce.ts';
import type { OwnChange } from './select/difference.ts';
import type { View } from './select/view.ts';
import { ConnectionLost, ResponseWriter } from './serializer/response-writer.ts';
import { attach, detach } from './socket-events.ts';

export type State = 'not-authenticated' | 'authenticated' | 'selected' | 'logout';

/** AUTHENTICATE and IDLE take lines of their own until they answer. */
export interface Continuation {
  tag: string;
  idle: boolean;
  line(session: Session, line: string): Promise<Completion | null> | Completion | null;
}

export interface SessionOptions {
  services: Services;
  mailboxConnections: MailboxConnections;
  remoteAddress: string;
}

/**
 * One connection.
 *
 * State machine (RFC 9051 section 3): it begins not-authenticated. LOGIN and AUTHENTICATE lead to authenticated; SELECT and EXAMINE from
 * there, or from one folder to the next, to selected; CLOSE, UNSELECT, a SELECT that fails and deleting the selected folder lead back to
 * authenticated. LOGOUT, BYE and the end of the connection lead to logout, which nothing leaves. STARTTLS stays in not-authenticated and
 * forgets everything that was received before the handshake.
 *
 * Commands run one after the other in the order they came; the next one is not even parsed while one runs, and the socket is paused when too
 * much waits. While the client idles no promise and no timer is held: lines and hints call in, the server's sweep keeps the flow alive.
 */
export class Session {
  readonly services: Services;
  readonly remoteAddress: string;
  readonly writer: ResponseWriter;
  readonly connectedAt = Date.now();
  state: State = 'not-authenticated';
  principal: Principal | null = null;
  view: View | null = null;
  isRev2 = false;
  condstore = false;
  continuation: Continuation | null = null;
  failedLogins = 0;
  lastActivity = Date.now();
  /** when the sweep says "Still here" next */
  stillHereAt = 0;
  #socket: Socket;
  readonly #reader = new CommandReader();
  readonly #mailboxConnections: MailboxConnections;
  #running = false;
  #paused = false;
  #badCommands = 0;
  #pushing: Promise<void> | null = null;
  #pushAgain = false;
  #counted = false;
  #ended = false;

  constructor(socket: Socket, options: SessionOptions) {
    this.#socket = socket;
    this.services = options.services;
    this.remoteAddress = options.remoteAddress;
    this.#mailboxConnections = options.mailboxConnections;
    this.writer = new ResponseWriter(socket);
  }

  get store(): MailStore {
    return this.services.store;
  }

  get log(): Logger {
    return this.services.log;
  }

  get secure(): boolean {
    return this.#socket instanceof TLSSocket;
  }

  /** Passwords only under TLS, or from loopback where the operator allows it for test programs. */
  get mayLogIn(): boolean {
    return mayLogIn(this, this.services.settings);
  }

  /** The account of a logged-in session; the command registry lets no other reach a command that asks. */
  get account(): AccountId {
    if (!this.principal) throw new Error('command ran before login');
    return this.principal.accountId;
  }

  get selectedView(): View {
    if (!this.view) throw new Error('command ran without a selected folder');
    return this.view;
  }

  get socket(): Socket {
    return this.#socket;
  }

  /** The connection is gone. */
  get ended(): boolean {
    return this.#ended;
  }

  get busy(): boolean {
    return this.#running;
  }

  greet(): void {
    this.writer.untagged(`OK [CAPABILITY ${capabilities(this)}] ${this.services.settings.hostName} is ready`);
    this.writer.flush();
  }

  receive(chunk: Buffer): void {
    if (this.state === 'logout') return;
    this.lastActivity = Date.now();
    this.#reader.input.push(chunk);
    if (!this.#paused && this.#running && this.#reader.input.length > limits.inputBytes) {
      this.#paused = true;
      this.#socket.pause();
    }
    if (!this.#running) void this.#pump();
  }

  /** A hint of the store that the account may have changed. */
  readonly hint = (): void => {
    if (!this.continuation?.idle) return;
    this.#pushAgain = true;
    this.#pushing ??= this.#push();
  };

  /** Called every few seconds by the server: time limits and signs of life. */
  sweep(now: number): void {
    if (this.state === 'logout') {
      if (now - this.lastActivity > limits.logoutMs) this.#socket.destroy();
    } else if (!this.principal && now - this.connectedAt > limits.unauthenticatedTimeoutMs) {
      this.bye('Log in sooner');
    } else if (!this.#running && now - this.lastActivity > this.services.settings.idleTimeoutMs) {
      this.bye('Idle for too long');
    } else if (this.continuation?.idle && now >= this.stillHereAt && !this.#pushing) {
      this.scheduleStillHere(now);
      this.writer.untagged('OK Still here');
      this.writer.flush();
    }
  }

  scheduleStillHere(now = Date.now()): void {
    this.stillHereAt = now + limits.stillHereMs + Math.random() * limits.stillHereJitterMs;
  }

  /** Ends the connection with a reason. */
  bye(text: string, code?: string): void {
    if (this.state === 'logout') return;
    this.writer.untagged(`BYE ${code ? `[${code}] ` : ''}${text}`);
    this.endConnection();
  }

  endConnection(): void {
    this.state = 'logout';
    this.lastActivity = Date.now();
    this.writer.end();
  }

  /** The connection is gone: gives back all that it held. */
  closed(): void {
    this.#ended = true;
    this.state = 'logout';
    this.continuation = null;
    this.leaveFolder();
    this.#reader.reset();
    if (this.#counted && this.principal) this.#mailboxConnections.leave(this.principal.accountId);
    this.#counted = false;
  }

  /** Login succeeded. False when the mailbox has too many connections. */
  authenticated(principal: Principal): boolean {
    if (!this.#mailboxConnections.enter(principal.accountId)) return false;
    this.#counted = true;
    this.principal = principal;
    this.state = 'authenticated';
    return true;
  }

  leaveFolder(): void {
    const view = this.view;
    if (!view) return;
    view.endOfHints();
    this.view = null;
    // messages that came while the folder was open were \Recent here; later sessions shall not see them so again
    if (view.recent.length > 0 && !view.readOnly && view.shown.uidnext > view.unclaimedUid) {
      this.store.claimRecent(this.account, view.folderId).catch(() => undefined);
    }
    if (this.state === 'selected') this.state = 'authenticated';
  }

  /** Brings the view up to date and tells the client. */
  async update(
    fresh: boolean,
    expunge: boolean,
    options: { withUid?: boolean; own?: OwnChange; skip?: (index: number) => boolean } = {},
  ): Promise<void> {
    const view = this.view;
    if (!view) return;
    const newer = await this.#picture(view.folderId, fresh);
    if (newer) await announce(this, view, newer, { ...options, expunge });
  }

  /** STARTTLS: the handshake begins on the bare socket; nothing received so far counts. */
  async startTls(): Promise<void> {
    const bare = this.#socket;
    this.writer.flush();
    await new Promise<void>((resolve) => bare.write('', () => resolve()));
    bare.pause();
    detach(bare);
    this.#reader.reset();
    const secure = await secureSocket(bare, this.services.settings.tls.context).catch(() => {
      this.closed();
      throw new ConnectionLost();
    });
    this.#socket = secure;
    this.writer.changeSocket(secure);
    attach(secure, this);
  }

  #limits(): ReadLimits {
    const { messageBytes } = this.services.settings;
    const loggedIn = this.principal !== null;
    return {
      literalBytes: loggedIn ? limits.literalBytes : limits.literalBytesBeforeLogin,
      appendBytes: loggedIn ? messageBytes : limits.literalBytesBeforeLogin,
      appendTotalBytes: messageBytes * limits.appendMessages,
    };
  }

  async #pump(): Promise<void> {
    this.#running = true;
    try {
      for (let inARow = 1; this.state !== 'logout' && (await this.#step()); inARow++) {
        if (inARow % limits.commandsInARow === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      this.writer.flush();
    } catch (error) {
      if (!(error instanceof ConnectionLost)) this.log.error({ err: error, remoteAddress: this.remoteAddress }, 'imap session failed');
      this.#socket.destroy();
    } finally {
      this.#running = false;
      this.lastActivity = Date.now();
      if (this.#paused) {
        this.#paused = false;
        this.#socket.resume();
      }
    }
  }

  /** Runs what is complete in the input. False when more input is needed. */
  async #step(): Promise<boolean> {
    if (this.#pushing) await this.#pushing;
    if (this.continuation) return this.#continue(this.continuation);
    const result = this.#reader.next(this.#limits());
    switch (result.kind) {
      case 'incomplete':
        return false;
      case 'continue':
        this.writer.continuation('OK');
        return true;
      case 'refused':
        this.#refused(result);
        return true;
      case 'command':
        await this.#execute(result.command);
        return true;
    }
  }

  async #continue(continuation: Continuation): Promise<boolean> {
    const line = this.#reader.nextLine();
    if (line === null) return false;
    if (line === 'too-long') {
      this.bye('Line is too long');
      return true;
    }
    const started = performance.now();
    const completion = await this.#guarded(async () => continuation.line(this, line.toString('latin1')), false);
    if (completion) {
      this.continuation = null;
      await this.#finish(continuation.tag, continuation.idle ? 'IDLE' : 'AUTHENTICATE', completion, started);
    }
    return true;
  }

  #refused({ reason, tag, end }: Extract<ReadResult, { kind: 'refused' }>): void {
    if (reason === 'too-big') this.writer.tagged(tag, 'NO [TOOBIG] Message is too large');
    else this.writer.tagged(tag, `BAD ${reason === 'line-too-long' ? 'Command line is too long' : 'Literal is too large'}`);
    if (end) this.bye('Too much data');
    else this.#countBad();
  }

  async #execute(raw: RawCommand): Promise<void> {
    const started = performance.now();
    const args = new Cursor(raw);
    let tag = '*';
    // a field and not a variable: the compiler does not see that the callback below sets it
    const parsed: { found: FoundCommand | null } = { found: null };
    const completion = await this.#guarded(
      async () => {
        tag = args.tag();
        args.space();
        parsed.found = findCommand(args);
        if (!parsed.found) return bad('Unknown command');
        const { command, byUid } = parsed.found;
        if (!command.states.includes(this.state)) return bad(`Command is not possible in state ${this.state}`);
        // the command works on the newest picture that is known
        if (command.uid) await this.#updateQuietly(byUid || command.updates === 'all');
        return command.run(this, args, byUid, tag);
      },
      () => parsed.found?.command.tryCreate === true,
    );
    if (!completion) return;
    const { command = null, byUid = false, name = 'unknown' } = parsed.found ?? {};
    if (command && this.view && command.updates !== 'none' && completion.status !== 'BAD') {
      await this.#updateQuietly(byUid || command.updates === 'all');
    }
    await this.#finish(tag, name, completion, started);
  }

  async #updateQuietly(expunge: boolean): Promise<void> {
    try {
      await this.update(false, expunge);
    } catch (error) {
      // the command itself may well succeed; what others did is told with the next one
      if (!(error instanceof StoreError)) throw error;
    }
  }

  async #finish(tag: string, name: string, completion: Completion, started: number): Promise<void> {
    if (this.state === 'logout') return;
    this.writer.tagged(tag, formatCompletion(completion));
    const { metrics } = this.services;
    metrics.commands.inc({ protocol: 'imap', command: name, result: completion.status });
    metrics.commandSeconds.observe({ protocol: 'imap', command: name }, (performance.now() - started) / 1000);
    if (completion.status === 'BAD') this.#countBad();
    else this.#badCommands = 0;
    // with more commands waiting their answers share a packet
    if (this.#reader.input.length === 0 || this.writer.full) await this.writer.drained();
  }

  /** Runs a command; every way to fail becomes an answer. */
  async #guarded(run: () => Promise<Completion | null>, tryCreate: boolean | (() => boolean)): Promise<Completion | null> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof ParseError) return error.code ? no(error.message, error.code) : bad(error.message);
      if (error instanceof StoreError) return storeErrorResponse(error, typeof tryCreate === 'function' ? tryCreate() : tryCreate);
      if (error instanceof ConnectionLost) throw error;
      const id = Math.random().toString(36).slice(2, 10);
      this.log.error({ err: error, id, account: this.principal?.accountId }, 'imap command failed');
      return no(`Internal error ${id}`, 'SERVERBUG');
    }
  }

  #countBad(): void {
    this.#badCommands++;
    if (this.#badCommands >= (this.principal ? limits.badCommands : limits.badCommandsBeforeLogin)) this.bye('Too many bad commands');
  }

  async #push(): Promise<void> {
    while (this.#pushAgain && this.continuation?.idle) {
      this.#pushAgain = false;
      try {
        await this.update(false, true);
        await this.writer.drained();
      } catch (error) {
        // the next hint or command tries again
        if (!(error instanceof StoreError) && !(error instanceof ConnectionLost))
          this.log.error({ err: error }, 'imap notification failed');
      }
    }
    this.#pushing = null;
  }

  async #picture(folderId: number, fresh: boolean): Promise<FolderSnapshot | null> {
    try {
      return fresh ? await this.store.snapshot(this.account, folderId) : await this.store.cachedSnapshot(this.account, folderId);
    } catch (error) {
      if (!(error instanceof StoreError) || (error.code !== 'UnknownFolder' && error.code !== 'UnknownAccount')) throw error;
      this.bye('The selected mailbox was deleted');
      return null;
    }
  }
}
