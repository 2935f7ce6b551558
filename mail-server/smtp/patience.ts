import { networkOf } from '../../lib/addresses/network-of.ts';
import type { GuessDelay } from '../auth/guess-delay.ts';
import { closing, type Reply } from './reply.ts';

const badCommands = 20;
/** commands that lead nowhere (NOOP, RSET, EHLO, VRFY …) since the last message */
const idleCommands = 200;
const unknownInARow = 20;
const unknownInAll = 100;
/** so many more are answered, each later than the one before, and then none */
const slowedAnswers = 5;
const tooMany = closing(421, '4.7.0', 'Zu viele Fehler - too many errors, closing connection');
const tooManyUnknown = closing(421, '4.7.1', 'Zu viele unbekannte Empfaenger - too many unknown recipients, closing connection');

/** How much more of a client that gets things wrong is listened to. */
export class Patience {
  readonly #guesses: GuessDelay;
  readonly #host: string;
  #bad = 0;
  #idle = 0;
  #unknownInARow = 0;
  #unknownInAll = 0;
  #slowed = 0;
  #knownElsewhere: Promise<boolean> | null = null;

  constructor(guesses: GuessDelay, remoteAddress: string) {
    this.#guesses = guesses;
    // a provider's many hosts stand side by side in IPv4 and must not pay for each other; in IPv6 one host has a network to itself
    this.#host = remoteAddress.includes('.') ? remoteAddress : networkOf(remoteAddress);
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
    this.#unknownInARow = 0;
  }

  /**
   * Who tries addresses to see which exist is slowed down and then cut; on his next connection from the first unknown one.
   */
  async recipientUnknown(answer: Reply): Promise<Reply> {
    this.#unknownInARow++;
    this.#unknownInAll++;
    // asked at the first one: whoever writes to those who are there costs nothing
    this.#knownElsewhere ??= this.#guesses.knownElsewhere(this.#host);
    const isKnown = this.#guesses.knows(this.#host) || (await this.#knownElsewhere);
    if (!isKnown && this.#unknownInARow <= unknownInARow && this.#unknownInAll <= unknownInAll) return answer;
    if (++this.#slowed > slowedAnswers) return tooManyUnknown;
    return (await this.#guesses.wrong(this.#host)) ? answer : tooManyUnknown;
  }
}
