import { installation } from '../config/installation.ts';
import type { HostFacts } from './expected-records.ts';
import { createLookup, type Lookup } from './lookup.ts';

/** This installation as DNS records name it. */
export function installationHost(): HostFacts {
  const { host, webUrl, ports, stsMode, dkimZone } = installation();
  return { host, webHost: new URL(webUrl).hostname, ports, stsMode, dkimZone };
}

let lookup: Lookup | null = null;

/** One resolver a process, on the servers of POSTAMT_DNS or the system's. */
export function installationLookup(): Lookup {
  lookup ??= createLookup(installation().resolvers);
  return lookup;
}
