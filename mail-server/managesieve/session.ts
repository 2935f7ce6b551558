import type { Logger } from 'pino';
import { mayLogIn } from '../auth/cleartext.ts';
import type { Principal } from '../auth/types.ts';
import type { Services } from '../services.ts';
import { StoreError } from '../store/store-error.ts';
import type { Place } from '../tls/connection-limits.ts';
import type { Connection } from '../wire/connection.ts';
import { capabilities } from './capabilities.ts';
import { ConnectionEnded } from './connection-ended.ts';
import type { ManageSieveContext } from './context.ts';
import { limits } from './limits.ts';
import { type ParsedCommand, readCommand } from './read-command.ts';
import { commands } from './registry.ts';
import { bye, no, ok } from './reply.ts';

/**
 * One client (RFC 5804 section 1.1):
 *
 *   signed out ──AUTHENTICATE──▶ signed in ──LOGOUT──▶ closed
 *        ▲ └──STARTTLS──┘            │
 *        └──────UNAUTHENTICATE───────┘
 */
export class ManageSieveSession implements ManageSieveContext {
  readonly services: Services;
  readonly connection: Connection;
  readonly log: Logger;
  principal: Principal | null = null;
  failedLogins = 0;
  readonly #place: Place;
  #endWatch: (() => void) | null = null;
  #badCommands = 0;
  #ending = false;

  constructor(services: Services, connection: Connection, place: Place, id: string) {
    this.services = services;
    this.#place = place;
    this.connection = connection;
    this.log = services.log.child({ session: id, remoteAddress: connection.remoteAddress });
  }

  get mayLogIn(): boolean {
    return mayLogIn(this.connection, this.services.settings);
  }

  async run(): Promise<void> {
    try {
      await this.connection.write(`${capabilities(this)}${ok(`Postamt ManageSieve on ${this.services.settings.hostName} ready`)}`);
      while (!this.#ending) await this.#answerNext();
    } catch (error) {
      if (!(error instanceof ConnectionEnded)) throw error;
      if (!error.gone) await this.connection.write(bye(error.message));
    } finally {
      this.#endWatch?.();
      await this.connection.end();
    }
  }

  /** From here on until the mailbox or its credentials change. */
  enter(principal: Principal): boolean {
    if (!this.#place.signIn(principal)) return false;
    this.principal = principal;
    this.connection.setTimeout(limits.signedInTimeoutMs);
    const client = { protocol: 'managesieve', remoteAddress: this.connection.remoteAddress } as const;
    this.#endWatch = this.services.authenticator.watch(principal, client, () => {
      this.#ending = true;
      void this.#sayLast(bye('Sign in again'));
    });
    return true;
  }

  leave(): void {
    this.principal = null;
    this.#endWatch?.();
    this.#endWatch = null;
    this.connection.setTimeout(limits.timeoutMs);
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
    if (this.connection.isWaiting) void this.#sayLast(bye('The server goes down', 'TRYLATER'));
  }

  async #sayLast(word: string): Promise<void> {
    await this.connection.write(word);
    await this.connection.end();
  }

  async #answerNext(): Promise<void> {
    const { sieve } = this.services.settings;
    const parsed = await readCommand(this.connection, this.principal === null ? limits.signedOutLiteralBytes : sieve.bytes);
    if ('problem' in parsed) {
      await this.#refuse(parsed.problem);
      return;
    }
    const command = commands.get(parsed.name);
    if (command === undefined) {
      await this.#refuse('Unknown command');
      return;
    }
    const state = this.principal === null ? 'signed out' : 'signed in';
    if (!command.states.includes(state)) {
      await this.#refuse(state === 'signed in' ? 'Already signed in' : 'Sign in first');
      return;
    }
    this.#badCommands = 0;
    await this.#measure(parsed, () => command.run(this, parsed.arguments));
  }

  async #measure({ name }: ParsedCommand, work: () => Promise<void>): Promise<void> {
    const { commandSeconds, commands: counter } = this.services.metrics;
    const finished = commandSeconds.startTimer({ protocol: 'managesieve', command: name });
    let result = 'ok';
    try {
      await work();
    } catch (error) {
      if (error instanceof ConnectionEnded) throw error;
      result = 'failed';
      await this.#fail(error, name);
    }
    finished();
    counter.inc({ protocol: 'managesieve', command: name, result });
  }

  async #fail(error: unknown, command: string): Promise<void> {
    if (error instanceof StoreError && error.code === 'UnknownAccount') {
      await this.close(bye('The mailbox was removed'));
      return;
    }
    const temporary = error instanceof StoreError && error.code === 'Unavailable';
    this.log[temporary ? 'warn' : 'error']({ err: error, command }, 'command failed');
    await this.connection.write(no('The scripts cannot be reached now, try again', 'TRYLATER'));
  }

  async #refuse(text: string): Promise<void> {
    if (++this.#badCommands >= limits.badCommands) await this.close(bye('Too many unknown commands'));
    else await this.connection.write(no(text));
  }
}
