import type { LookupFunction } from 'node:net';
import { createPublicLookup } from '../../lib/addresses/public-lookup.ts';
import { dnsResolverOf } from '../delivery/authenticity/dns-resolver.ts';
import type { MailServerSettings } from '../settings.ts';
import { mayConnect } from './may-connect.ts';

/** For hosts that a stranger's DNS names: our own name servers are asked, and only the public internet is reached. */
export const lookupPublicHost = (settings: MailServerSettings): LookupFunction =>
  createPublicLookup(
    (name, type) => dnsResolverOf(settings).resolve(name, type),
    (address) => mayConnect(settings, address),
  );
