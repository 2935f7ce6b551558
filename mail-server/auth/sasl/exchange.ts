import type { AuthenticationResult } from '../types.ts';
import { oauthBearer, xoauth2 } from './bearer.ts';
import { login } from './login.ts';
import type { Mechanism, SaslClient, SaslEnd } from './mechanism.ts';
import { plain } from './plain.ts';
import type { Channel } from './channel-binding.ts';
import { scramSha256, scramSha256Plus } from './scram.ts';

/** In the order in which they are named. */
const mechanisms: ReadonlyMap<string, Mechanism> = new Map([
  ['PLAIN', plain],
  ['LOGIN', login],
  ['SCRAM-SHA-256', scramSha256],
  ['SCRAM-SHA-256-PLUS', scramSha256Plus],
  ['OAUTHBEARER', oauthBearer],
  ['XOAUTH2', xoauth2],
]);

/** One can only be bound to a channel where there is TLS that ends here. */
const isPossible = (name: string, channel: Channel | null): boolean => channel !== null || !name.endsWith('-PLUS');

/**
 * What is named over this channel. XOAUTH2 never is: only our own web has tokens, and it asks for it unasked, while programs whose
 * SASL library knows it take it before PLAIN and present the password as a token (decision 148).
 */
export const mechanismNames = (channel: Channel | null, { namesScram }: { namesScram: boolean }): string[] =>
  [...mechanisms.keys()].filter((name) => isPossible(name, channel) && name !== 'XOAUTH2' && (namesScram || !name.startsWith('SCRAM-')));

/** What a protocol says next. */
export type SaslStep =
  /** base64, for whatever the protocol writes before a challenge */
  | { kind: 'challenge'; text: string }
  /** the client has called it off with "*" */
  | { kind: 'cancelled' }
  /** what the client sent is not base64, or not what the mechanism knows */
  | { kind: 'malformed' }
  | { kind: 'done'; result: AuthenticationResult };

/** One exchange, the same for every protocol: lines of base64 in, steps out. */
export class SaslExchange {
  readonly #run: ReturnType<Mechanism>;
  #failed: AuthenticationResult | null = null;

  private constructor(run: ReturnType<Mechanism>) {
    this.#run = run;
  }

  /** Null for a mechanism that is not taken. */
  static of(name: string, client: SaslClient): SaslExchange | null {
    const mechanism = mechanisms.get(name.toUpperCase());
    return mechanism && isPossible(name.toUpperCase(), client.channel) ? new SaslExchange(mechanism(client)) : null;
  }

  /** `initial`: what the client sent along with the mechanism's name, "=" for an empty response, null for none. */
  async begin(initial: string | null): Promise<SaslStep> {
    const first = await this.#run.next();
    if (initial === null) return this.#stepOf(first);
    return this.answer(initial === '=' ? '' : initial);
  }

  /** The client's line after a challenge. Blanks behind it, as scanners leave them, are no base64 and mean nothing. */
  async answer(given: string): Promise<SaslStep> {
    const line = given.trimEnd();
    // the result stands already, and what the client says to it changes nothing
    if (this.#failed) return { kind: 'done', result: this.#failed };
    if (line === '*') {
      await this.#run.return(null);
      return { kind: 'cancelled' };
    }
    const response = decodeBase64(line);
    if (!response) {
      await this.#run.return(null);
      return { kind: 'malformed' };
    }
    return this.#stepOf(await this.#run.next(response));
  }

  #stepOf(next: IteratorResult<string, SaslEnd>): SaslStep {
    if (!next.done) return challenge(next.value);
    if (!next.value) return { kind: 'malformed' };
    if ('ok' in next.value) return { kind: 'done', result: next.value };
    this.#failed = next.value.failed;
    return challenge(next.value.reason);
  }
}

const challenge = (text: string): SaslStep => ({ kind: 'challenge', text: Buffer.from(text).toString('base64') });

const decodeBase64 = (text: string): Buffer | null =>
  text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
