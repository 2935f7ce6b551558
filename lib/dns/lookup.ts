import type { Resolver } from 'node:dns/promises';
import { createPatientResolver, isAbsent } from '../config/patient-resolver.ts';

/** What a name server answered: values, "there is none", or "could not ask" (time-out, refused, server failure). */
export type Answer<Value> = { kind: 'found'; values: Value[] } | { kind: 'none' } | { kind: 'unreachable'; why: string };

export interface Lookup {
  txt(name: string): Promise<Answer<string>>;
  mx(name: string): Promise<Answer<{ preference: number; exchange: string }>>;
  srv(name: string): Promise<Answer<string>>;
  cname(name: string): Promise<Answer<string>>;
}

const plain = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** `servers`: "127.0.0.1:5353" each; empty: the system's. */
export function createLookup(servers: readonly string[]): Lookup {
  const askPatiently = createPatientResolver(servers);
  const ask = async <Raw, Value>(question: (resolver: Resolver) => Promise<Raw[]>, read: (raw: Raw) => Value): Promise<Answer<Value>> => {
    try {
      const values = (await askPatiently(question)).map(read);
      return values.length > 0 ? { kind: 'found', values } : { kind: 'none' };
    } catch (error) {
      if (isAbsent(error)) return { kind: 'none' };
      return { kind: 'unreachable', why: error instanceof Error && 'code' in error ? String(error.code) : 'unknown' };
    }
  };
  return {
    txt: (name) =>
      ask(
        (resolver) => resolver.resolveTxt(name),
        (parts) => parts.join(''),
      ),
    mx: (name) =>
      ask(
        (resolver) => resolver.resolveMx(name),
        ({ priority, exchange }) => ({ preference: priority, exchange: plain(exchange) }),
      ),
    srv: (name) =>
      ask(
        (resolver) => resolver.resolveSrv(name),
        ({ priority, weight, port, name: target }) => `${priority} ${weight} ${port} ${plain(target)}`,
      ),
    cname: (name) => ask((resolver) => resolver.resolveCname(name), plain),
  };
}
