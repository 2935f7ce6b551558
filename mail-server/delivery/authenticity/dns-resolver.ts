import { onceFor } from '../../../lib/config/once-for.ts';
import { createPatientResolver } from '../../../lib/config/patient-resolver.ts';
import { BoundedMap } from '../../../lib/workers/bounded-map.ts';
import type { MailServerSettings } from '../../settings.ts';
import { boundedAnswer } from './bounded-answer.ts';

/** short: a name server that was started anew is back at once, and may need more than one wait for its first answer */
const sulkMs = 10_000;
const lookMs = 1_000;
const mostRemembered = 2_000;
/** A name server that answers "no" is well. */
const answered = new Set(['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'EREFUSED', 'EFORMERR', 'ENONAME', 'EBADNAME', 'EBADRESP', 'ENOTIMP']);

class DnsUnavailable extends Error {
  readonly code = 'ETIMEOUT';
}

/** Our own name servers are silent, whatever was asked for. */
export const isDnsAway = (error: unknown): boolean => error instanceof DnsUnavailable;

/**
 * DNS look-ups with a short time limit. When our name servers do not answer at all, the next look-ups fail at once until they answer, or for ten seconds,
 * so that a resolver which is down costs one wait then and not one a look-up. A single domain without an answer proves nothing (its
 * owner may mean it to be silent, to switch off the checks of other senders): then our name servers are asked for the root, which they
 * know if they are well.
 *
 * Answers, also "no such name", are remembered for some seconds, and the same question is not asked twice at a time: a sender of many
 * letters costs one look-up and not one a letter. Of an answer that is larger than such answers are, what fits is kept.
 */
export interface DnsResolver {
  /** `type`: 'TXT' brings string[][], 'MX' records, 'A' and 'AAAA' addresses. Rejects with the code of node:dns. */
  resolve(name: string, type: 'TXT'): Promise<string[][]>;
  resolve(name: string, type: 'MX'): Promise<{ exchange: string; priority: number }[]>;
  resolve(name: string, type: 'A' | 'AAAA'): Promise<string[]>;
  resolve(name: string, type: string): Promise<unknown>;
}

export function createDnsResolver(servers: readonly string[], cacheMs: number): DnsResolver {
  const ask = askServers(servers);
  const remembered = new BoundedMap<string, { answer: Promise<unknown>; until: number }>(mostRemembered);
  return {
    // biome-ignore lint/suspicious/noExplicitAny: the overloads of the interface say what comes for which type
    async resolve(name: string, type: string): Promise<any> {
      const question = `${type} ${name.toLowerCase()}`;
      const known = remembered.get(question);
      if (known && known.until > performance.now()) return copyOf(await known.answer);
      const answer = ask(name, type).then((found) => boundedAnswer(type, found));
      const entry = { answer, until: Number.POSITIVE_INFINITY };
      remembered.set(question, entry);
      const isKept = await entry.answer.then(() => true, isAnswer);
      entry.until = isKept ? performance.now() + cacheMs : 0;
      return copyOf(await entry.answer);
    },
  };
}

/** Whoever asked may change what he got: lists of names, of texts, of records. */
const copyOf = (answer: unknown): unknown =>
  Array.isArray(answer) ? answer.map((each: unknown) => (Array.isArray(each) ? [...each] : isRecord(each) ? { ...each } : each)) : answer;
const isRecord = (each: unknown): each is object => typeof each === 'object' && each !== null;

function askServers(servers: readonly string[]): (name: string, type: string) => Promise<unknown> {
  const ask = createPatientResolver(servers);
  // made once: a stack for each look-up of a busy hour would cost more than all else here
  const silent = new DnsUnavailable('the name servers did not answer lately');
  let probe: Promise<boolean> | null = null;
  let sulkUntil = 0;
  const serversAnswer = (): Promise<boolean> => {
    probe ??= ask((resolver) => resolver.resolve('.', 'NS'))
      .then(() => true, isAnswer)
      .finally(() => {
        probe = null;
      });
    return probe;
  };
  /** Looked after meanwhile, so that who waited for a name server to start does not wait for the rest of it. */
  const sulk = (): void => {
    sulkUntil = performance.now() + sulkMs;
    const look = async (): Promise<void> => {
      if (performance.now() >= sulkUntil) return;
      if (await serversAnswer()) sulkUntil = 0;
      else setTimeout(look, lookMs).unref();
    };
    setTimeout(look, lookMs).unref();
  };
  return async (name, type) => {
    if (performance.now() < sulkUntil) throw silent;
    try {
      return await ask((resolver) => resolver.resolve(name, type));
    } catch (error) {
      if (isAnswer(error) || (await serversAnswer())) throw error;
      sulk();
      throw silent;
    }
  };
}

const isAnswer = (error: unknown): boolean => error instanceof Error && 'code' in error && answered.has(String(error.code));

/** The resolver that all parts of a process with these settings share. */
export const dnsResolverOf = onceFor(({ dnsServers, dnsCacheMs }: MailServerSettings) => createDnsResolver(dnsServers, dnsCacheMs));
