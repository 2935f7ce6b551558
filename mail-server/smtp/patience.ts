import { hostOf } from '../../lib/addresses/network-of.ts';
import type { RecipientGuesses } from './recipient-guesses.ts';
import { closing, type Reply } from './reply.ts';

const badCommands = 20;
/** commands that lead nowhere (NOOP, RSET, EHLO, VRFY …) since the last message */
const idleCommands = 200;
/** recipients elsewhere, who say nothing of which addresses exist here */
const elsewhereInARow = 20;
/** so many more are answered, each later than the one before, and then none */
const slowedAnswers = 5;
const tooMany = closing(421, '4.7.0', 'Zu viele Fehler - too many errors, closing connection');
const tooManyUnknown = closing(421, '4.7.1', 'Zu viele unbekannte Empfaenger - too many unknown recipients, closing connection');

/** How much more of a client that gets things wrong is listened to. */
export class Patience {
  readonly #guesses: RecipientGuesses;
  readonly #host: string;
  #bad = 0;
  #idle = 0;
  #elsewhere = 0;
  #slowed = 0;
  #knownElsewhere: Promise<boolean> | null = null;

  constructor(guesses: RecipientGuesses, remoteAddress: string) {
    this.#guesses = guesses;
    // a provider's many hosts stand side by side in IPv4 and must not pay for each other; in IPv6 one host has a network to itself
    this.#host = hostOf(remoteAddress);
  }

  /** A client that makes mistake after mistake is sent away. */
  bad(answer: Reply): Reply {
    return ++this.#bad >= badCommands ? tooMany : answer;
  }

  idle(answer: Reply): Reply {
    return ++this.#idle >= idleCommands ? tooMany : answer;
  }

  /** A message was taken: what went wrong before it is forgiven. */
  worked(): void {
    this.#bad = 0;
    this.#idle = 0;
  }

  recipientFound(): void {
    this.#elsewhere = 0;
    this.#guesses.found(this.#host);
  }

  /**
   * Who tries addresses to see which exist is slowed down and then cut; on his next connection from the first unknown one.
   */
  async recipientUnknown(answer: Reply, isOurs: boolean): Promise<Reply> {
    const tooManyLately = isOurs ? this.#guesses.unknown(this.#host) : ++this.#elsewhere > elsewhereInARow;
    const { delay } = this.#guesses;
    // asked at the first one: whoever writes to those who are there costs nothing
    this.#knownElsewhere ??= delay.knownElsewhere(this.#host);
    const isKnown = delay.knows(this.#host) || (await this.#knownElsewhere);
    if (!isKnown && !tooManyLately) return answer;
    if (++this.#slowed > slowedAnswers) return tooManyUnknown;
    return (await delay.wrong(this.#host)) ? answer : tooManyUnknown;
  }
}
