import { Resolver } from 'node:dns/promises';

/**
 * What lies below node:dns waits for an answer only five times as long as the last ones took, down to 250 ms, whatever `timeout` says: behind
 * a name server on this machine, which knows most answers, that is too short for a name it must ask the world about. So each question is sent
 * several times, and an answer to any of them counts; in all it takes at most 3 to 4 s.
 */
const patience = { timeout: 1000, maxTimeout: 1000, tries: 4 };

/** `servers`: "127.0.0.1:5353" each; empty: the system's. */
export function createResolver(servers: readonly string[]): Resolver {
  const resolver = new Resolver(patience);
  if (servers.length > 0) resolver.setServers(servers);
  return resolver;
}
