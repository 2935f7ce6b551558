import type { Logger } from 'pino';
import type { Principal } from '../auth/types.ts';
import { mayLogIn } from '../auth/cleartext.ts';
import { StoreError } from '../store/store-error.ts';
import type { Place } from '../tls/connection-limits.ts';
import { isHttp } from '../tls/foreign-protocol.ts';
import type { Connection } from '../wire/connection.ts';
import type { Pop3Context, Pop3Services } from './context.ts';
import { IncompleteReply } from './incomplete-reply.ts';
import { limits } from './limits.ts';
import type { Maildrop } from './maildrop.ts';
import { parseCommand } from './parse-command.ts';
import { commands } from './registry.ts';
import { err, ok } from './reply.ts';

/**
 * One client (RFC 1939 section 3):
 *
 *   authorization ──USER+PASS or AUTH, maildrop locked──▶ transaction ──QUIT──▶ update (deletes, unlocks) ──▶ closed
 *
 * In authorization STLS starts the state anew under TLS. Only QUIT in transaction leads to update: a connection that is lost, too slow or
 * closed by us deletes nothing.
 */
export class Pop3Session implements Pop3Context {
  readonly services: Pop3Services;
  readonly connection: Connection;
  readonly place: Place;
  readonly log: Logger;
  /** name given with USER, waiting for PASS */
  userName: string | null = null;
  principal: Principal | null = null;
  maildrop: Maildrop | null = null;
  /** gives the maildrop back */
  unlock: (() => Promise<void>) | null = null;
  #endWatch: (() => void) | null = null;
  #loginDue: NodeJS.Timeout | undefined;
  failedLogins = 0;
  #badCommands = 0;
  #ending = false;

  constructor(services: Pop3Services, connection: Connection, place: Place, id: string) {
    this.services = services;
    this.connection = connection;
    this.place = place;
    this.log = services.log.child({ session: id, remoteAddress: connection.remoteAddress });
  }

  get mayLogIn(): boolean {
    return mayLogIn(this.connection, this.services.settings);
  }

  async run(): Promise<void> {
    this.#loginDue = setTimeout(() => this.cut(), limits.unauthenticatedTimeoutMs);
    try {
      await this.connection.write(ok(`Postamt POP3 on ${this.services.settings.hostName} ready`));
      while (!this.#ending) {
        const line = await this.connection.readLine();
        if (line === null) break;
        if (line === 'too long') {
          await this.close(err('Line too long'));
          break;
        }
        await this.#answer(line);
      }
    } finally {
      clearTimeout(this.#loginDue);
      await this.release();
      await this.connection.end();
    }
  }

  /** In transaction from here on, until the mailbox or its credentials change: POP3 has no word for that, the connection just ends. */
  enter(principal: Principal, maildrop: Maildrop, unlock: () => Promise<void>): void {
    clearTimeout(this.#loginDue);
    this.principal = principal;
    this.maildrop = maildrop;
    this.unlock = unlock;
    const client = { protocol: 'pop3', remoteAddress: this.connection.remoteAddress } as const;
    this.#endWatch = this.services.authenticator.watch(principal, client, () => this.cut());
  }

  /** Says a last word; the connection ends when the command that runs has. */
  async close(lastWord: string): Promise<void> {
    await this.connection.write(lastWord);
    this.#ending = true;
  }

  /** Ends the connection without another word. */
  cut(): void {
    this.#ending = true;
    this.connection.destroy();
  }

  /** The server goes down: at once where nothing runs, otherwise after the command that does. */
  shutDown(): void {
    this.#ending = true;
    if (this.connection.isWaiting) this.connection.destroy();
  }

  async #answer(line: Buffer): Promise<void> {
    const parsed = parseCommand(line);
    const command = parsed && commands.get(parsed.name);
    if (!parsed || !command) {
      if (isHttp(line.toString('latin1'))) return this.cut();
      await this.#refuse(parsed ? 'Unknown command' : 'Not a command');
      return;
    }
    const state = this.maildrop ? 'transaction' : 'authorization';
    if (!command.states.includes(state)) {
      await this.#refuse(state === 'transaction' ? 'Already signed in' : 'Sign in first');
      return;
    }
    this.#badCommands = 0;
    const { commandSeconds, commands: counter } = this.services.metrics;
    const finished = commandSeconds.startTimer({ protocol: 'pop3', command: parsed.name });
    let result = 'ok';
    try {
      await command.run(this, parsed.argument);
    } catch (error) {
      result = 'failed';
      await this.#fail(error, parsed.name);
    }
    finished();
    counter.inc({ protocol: 'pop3', command: parsed.name, result });
  }

  /** A reply is whole or the connection ends: `incomplete` says that part of one was sent already. */
  async #fail(error: unknown, command: string): Promise<void> {
    const temporary = error instanceof StoreError && error.code === 'Unavailable';
    this.log[temporary ? 'warn' : 'error']({ err: error, command }, 'command failed');
    if (error instanceof IncompleteReply) {
      this.#ending = true;
      this.connection.destroy();
    } else if (error instanceof StoreError && error.code === 'UnknownAccount') {
      await this.close(err('Mailbox was removed', 'SYS/PERM'));
    } else {
      await this.connection.write(err('The mail store cannot answer now, try again', 'SYS/TEMP'));
    }
  }

  async #refuse(text: string): Promise<void> {
    if (++this.#badCommands >= limits.badCommands) await this.close(err('Too many unknown commands'));
    else await this.connection.write(err(text));
  }

  /**
   * Leaves the maildrop. QUIT does so before its answer: many clients sign in anew the moment they have read it, and then they must not
   * find the mailbox in use.
   */
  async release(): Promise<void> {
    const { maildrop, unlock } = this;
    this.maildrop = null;
    this.unlock = null;
    this.#endWatch?.();
    await unlock?.();
    if (!maildrop) return;
    this.log.info({ account: this.principal?.accountId, ...maildrop.counts }, 'pop3 session ended');
    maildrop.close((error) => this.log.warn({ err: error }, '\\Seen could not be stored'));
  }
}
