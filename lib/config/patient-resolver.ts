import { Resolver } from 'node:dns/promises';

const usualMs = 1_000;
const patientMs = 3_000;

/** Puts a question to name servers: `ask((resolver) => resolver.resolveMx(name))`. */
export type Ask = <Answer>(question: (resolver: Resolver) => Promise<Answer>) => Promise<Answer>;

/**
 * What lies below node:dns waits for an answer only five times as long as the last ones took, down to 250 ms, whatever `timeout` says: behind
 * a name server on this machine, which knows most answers, that is too short for a name it must ask the world about. So what timed out is asked
 * once more, by a resolver that has learned nothing yet. `servers`: "127.0.0.1:5353" each; empty: the system's.
 */
export function createPatientResolver(servers: readonly string[]): Ask {
  const usual = createResolver(servers, usualMs);
  return (question) =>
    question(usual).catch((error: unknown) => {
      if (!isTimeout(error)) throw error;
      return question(createResolver(servers, patientMs));
    });
}

function createResolver(servers: readonly string[], timeout: number): Resolver {
  const resolver = new Resolver({ timeout, tries: 1 });
  if (servers.length > 0) resolver.setServers(servers);
  return resolver;
}

const isTimeout = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ETIMEOUT';

/** The name does not exist, or has no record of that type: an answer, not a failure of the DNS. */
export const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA');
