import { failuresPerConnection } from '../auth/guess-delay.ts';
import { isHttp, isTlsHandshake } from '../tls/foreign-protocol.ts';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { MemoryBudget } from '../memory-budget.ts';
import { StoreError } from '../store/store-error.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import { findCommand, type FoundCommand } from './commands/registry.ts';
import { bad, formatCompletion, no, type Completion } from './completion.ts';
import type { Continuation, ImapSession } from './context.ts';
import { storeErrorResponse } from './error-responses.ts';
import { limits } from './limits.ts';
import { CommandReader, type RawCommand, type ReadLimits, type ReadResult } from './parser/command-reader.ts';
import { Cursor } from './parser/cursor.ts';
import { ParseError } from './parser/parse-error.ts';
import { ConnectionLost } from './serializer/response-writer.ts';
import { updateViewQuietly } from './select/update-view.ts';

/** What the loop needs of the session beyond what commands see. */
export interface LoopSession extends ImapSession {
  readonly appendBudget: MemoryBudget<AccountId>;
  readonly ended: boolean;
  readonly hasEndedInput: boolean;
  readonly log: Logger;
  readonly socket: Socket;
  lastActivity: number;
  byeIfSignedOut(): void;
  quiet(): Promise<void>;
  settled(): void;
}

/**
 * Runs a session's commands one after the other in the order they came: the next one is not even parsed while one runs, and the socket is
 * paused when too much waits. Many commands in a row let other connections in between.
 */
export class CommandLoop {
  running = false;
  readonly #session: LoopSession;
  readonly #reader = new CommandReader();
  #paused = false;
  #badCommands = 0;

  constructor(session: LoopSession) {
    this.#session = session;
  }

  receive(chunk: Buffer): void {
    if (this.#reader.isBetweenCommands && isTlsHandshake(chunk)) {
      this.#session.socket.destroy();
      return;
    }
    this.#reader.input.push(chunk);
    if (!this.#paused && this.running && this.#reader.input.length > limits.inputBytes) {
      this.#paused = true;
      this.#session.socket.pause();
    }
    if (!this.running) void this.#run();
  }

  get takesLiteral(): boolean {
    return this.#reader.takesLiteral;
  }

  forgetInput(): void {
    this.#reader.reset();
  }

  async #run(): Promise<void> {
    const session = this.#session;
    this.running = true;
    try {
      for (let inARow = 1; session.state !== 'logout' && (await this.#step()); inARow++) {
        if (inARow % limits.commandsInARow === 0) session.writer.flush();
        await session.pace();
      }
      session.writer.flush();
    } catch (error) {
      if (!(error instanceof ConnectionLost))
        session.log.error({ err: error, remoteAddress: session.remoteAddress }, 'imap session failed');
      session.socket.destroy();
    } finally {
      this.running = false;
      session.lastActivity = performance.now();
      if (this.#paused) {
        this.#paused = false;
        session.socket.resume();
      }
      session.settled();
    }
  }

  /** Runs what is complete in the input. False when more input is needed. */
  async #step(): Promise<boolean> {
    const session = this.#session;
    await session.quiet();
    session.byeIfSignedOut();
    if (session.state === 'logout') return false;
    session.writer.mark();
    if (session.continuation) return this.#continue(session.continuation);
    const result = this.#reader.next(this.#limits());
    switch (result.kind) {
      case 'incomplete':
        return false;
      case 'continue':
        session.writer.continuation('OK');
        return true;
      case 'refused':
        this.#refused(result);
        return true;
      case 'command':
        try {
          await this.#execute(result.command);
        } finally {
          if (result.command.reserved > 0) this.#limits().release(result.command.reserved);
        }
        return true;
    }
  }

  #limits(): ReadLimits {
    const { messageBytes } = this.#session.services.settings;
    const loggedIn = this.#session.principal !== null;
    const { appendBudget, principal } = this.#session;
    return {
      reserve: (bytes) => !principal || appendBudget.reserve(principal.accountId, bytes),
      release: (bytes) => principal && appendBudget.release(principal.accountId, bytes),
      literalBytes: loggedIn ? limits.literalBytes : limits.literalBytesBeforeLogin,
      appendBytes: loggedIn ? messageBytes : limits.literalBytesBeforeLogin,
      appendTotalBytes: loggedIn ? messageBytes * limits.appendMessages : limits.literalBytesBeforeLogin,
    };
  }

  async #continue(continuation: Continuation): Promise<boolean> {
    const session = this.#session;
    const line = this.#reader.nextLine();
    if (line === null) return false;
    if (line === 'too-long') {
      session.bye('Line is too long');
      return true;
    }
    const started = performance.now();
    // idles no more: what happens from here on is told by the line itself, or by the next command
    session.continuation = null;
    const completion = await this.#guarded(async () => continuation.line(session, line.toString('latin1')));
    if (!completion) session.continuation = continuation;
    else {
      await this.#finish(continuation.tag, continuation.idle ? 'IDLE' : 'AUTHENTICATE', completion, started);
    }
    return true;
  }

  #refused({ reason, tag, end }: Extract<ReadResult, { kind: 'refused' }>): void {
    const { writer } = this.#session;
    if (reason === 'no-memory') writer.tagged(tag, 'NO [UNAVAILABLE] Too many messages at once, try again later');
    else if (reason === 'too-big') writer.tagged(tag, 'NO [TOOBIG] Message is too large');
    else writer.tagged(tag, `BAD ${reason === 'line-too-long' ? 'Command line is too long' : 'Literal is too large'}`);
    if (end) this.#session.bye('Too much data');
    else if (reason !== 'no-memory') this.#countBad();
  }

  async #execute(raw: RawCommand): Promise<void> {
    const session = this.#session;
    const started = performance.now();
    if (isHttp(raw.text[0]?.toString('latin1', 0, 200) ?? '')) throw new ConnectionLost();
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
        if (!command.states.includes(session.state)) return bad(`Command is not possible in state ${session.state}`);
        // the command works on the newest picture that is known; numbers it names must not move before they are looked up
        if (command.uid) await updateViewQuietly(session, byUid);
        // its folder may have been deleted: then this was the last word
        return session.state === 'logout' ? null : command.run(session, args, byUid, tag);
      },
      () => parsed.found?.command.tryCreate === true,
    );
    if (!completion) return;
    const { command = null, byUid = false, name = 'unknown' } = parsed.found ?? {};
    if (command && command.updates !== 'none' && completion.status !== 'BAD')
      await updateViewQuietly(session, byUid || command.updates === 'all');
    await this.#finish(tag, name, completion, started);
  }

  async #finish(tag: string, name: string, completion: Completion, started: number): Promise<void> {
    const { state, writer, services } = this.#session;
    if (state === 'logout') return;
    writer.tagged(tag, formatCompletion(completion));
    services.metrics.commands.inc({ protocol: 'imap', command: name, result: completion.status });
    services.metrics.commandSeconds.observe({ protocol: 'imap', command: name }, (performance.now() - started) / 1000);
    if (completion.status === 'BAD') this.#countBad();
    else this.#badCommands = 0;
    if (this.#session.failedLogins >= failuresPerConnection) this.#session.bye('Too many failed logins');
    // with more commands waiting their answers share a packet; who has ended its side may be gone, which only a write tells
    if (this.#reader.input.length === 0 || writer.full || this.#session.hasEndedInput) await writer.drained();
  }

  /** Runs a command; every way to fail becomes an answer. */
  async #guarded(run: () => Promise<Completion | null>, tryCreate = (): boolean => false): Promise<Completion | null> {
    try {
      return await run();
    } catch (error) {
      // whatever went wrong, nobody is there to be told
      if (this.#session.ended) throw new ConnectionLost();
      if (error instanceof ParseError) return error.code ? no(error.message, error.code) : bad(error.message);
      if (error instanceof StoreError) return storeErrorResponse(error, tryCreate());
      if (error instanceof ConnectionLost) throw error;
      const id = Math.random().toString(36).slice(2, 10);
      this.#session.log.error({ err: error, id, account: this.#session.principal?.accountId }, 'imap command failed');
      return no(`Internal error ${id}`, 'SERVERBUG');
    }
  }

  #countBad(): void {
    this.#badCommands++;
    if (this.#badCommands >= (this.#session.principal ? limits.badCommands : limits.badCommandsBeforeLogin)) {
      this.#session.bye('Too many bad commands');
    }
  }
}
