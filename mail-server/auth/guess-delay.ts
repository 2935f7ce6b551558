import { BoundedMap } from '../../lib/workers/bounded-map.ts';

/** After so many failed logins a connection ends, whatever it speaks. */
export const failuresPerConnection = 3;

export interface GuessDelayOptions {
  /** how long the first wrong answer of a quiet network takes; each further one takes so much longer */
  stepMs: number;
  /** no answer takes longer than this by itself */
  mostMs: number;
  /** an answer whose turn is further away than this is not waited for: the connection is cut */
  patienceMs: number;
  /** a network that guesses no more is as good as new after */
  forgetMs: number;
}

export const usualGuessDelay: GuessDelayOptions = { stepMs: 500, mostMs: 4_000, patienceMs: 20_000, forgetMs: 120_000 };

/** What other processes know too. Where they cannot be asked, each goes by what it saw itself. */
export interface SharedGuesses {
  /** as GuessDelay.wrong: how long the answer waits, null for none */
  turn(network: string, repeated: boolean, options: GuessDelayOptions): Promise<number | null>;
  knows(network: string, options: GuessDelayOptions): Promise<boolean>;
}

const mostNetworks = 50_000;

interface Guesses {
  wrong: number;
  /** when the last answer goes out that waits already */
  lastAnswerAt: number;
}

/**
 * Slows down whoever guesses. The wrong answers to one network go out one after the other, over all its connections and protocols
 * and processes together, and each takes longer than the one before it; when too many wait, the connection is cut without an answer. Right
 * answers never wait, and cost nothing.
 */
export class GuessDelay {
  readonly #options: GuessDelayOptions;
  readonly #shared: SharedGuesses | null;
  /** in the order of the last guess */
  readonly #networks = new BoundedMap<string, Guesses>(mostNetworks);

  constructor(options: GuessDelayOptions = usualGuessDelay, shared: SharedGuesses | null = null) {
    this.#options = options;
    this.#shared = shared;
  }

  /**
   * A guess of `network` was wrong. Resolves to true when it is time to say so, to false if nothing shall be said any more. `repeated`: it
   * was made before, so it takes its time and makes the next ones no slower.
   */
  async wrong(network: string, repeated = false): Promise<boolean> {
    const own = this.#turn(network, repeated);
    const wait = this.#shared ? await this.#shared.turn(network, repeated, this.#options).catch(() => own) : own;
    if (wait === null) return false;
    await new Promise((resolve) => setTimeout(resolve, wait));
    return true;
  }

  /** How long the answer waits by what this process saw; null: there shall be none. */
  #turn(network: string, repeated: boolean): number | null {
    const { stepMs, mostMs, patienceMs } = this.#options;
    const now = performance.now();
    const guesses = this.#find(network, now) ?? { wrong: 0, lastAnswerAt: now };
    if (!repeated || guesses.wrong === 0) guesses.wrong++;
    const answerAt = Math.max(now, guesses.lastAnswerAt) + Math.min(mostMs, stepMs * guesses.wrong);
    this.#networks.set(network, guesses);
    if (answerAt - now > patienceMs) return null;
    guesses.lastAnswerAt = answerAt;
    return answerAt - now;
  }

  /** True for a network that guessed at another process a short while ago; asks the database. */
  async knownElsewhere(network: string): Promise<boolean> {
    return this.#shared ? this.#shared.knows(network, this.#options).catch(() => false) : false;
  }

  /** True for a network that guessed here a short while ago. */
  knows(network: string): boolean {
    return this.#find(network, performance.now()) !== undefined;
  }

  #find(network: string, now: number): Guesses | undefined {
    const guesses = this.#networks.get(network);
    return guesses && now - guesses.lastAnswerAt < this.#options.forgetMs ? guesses : undefined;
  }
}
