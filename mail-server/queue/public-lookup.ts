import type { LookupFunction } from 'node:net';
import { dnsResolverOf } from '../delivery/authenticity/dns-resolver.ts';
import type { MailServerSettings } from '../settings.ts';
import { mayConnect } from './may-connect.ts';

/** Our own name servers are asked, and a stranger's DNS leads nowhere but into the public internet. */
export const publicLookup =
  (settings: MailServerSettings): LookupFunction =>
  (hostname, options, callback) => {
    const resolver = dnsResolverOf(settings);
    Promise.allSettled([resolver.resolve(hostname, 'A'), resolver.resolve(hostname, 'AAAA')]).then(([four, six]) => {
      const found = [
        ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
        ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
      ].filter(({ address }) => mayConnect(settings, address));
      const [first] = found;
      if (!first) callback(Object.assign(new Error(`no public address of ${hostname}`), { code: 'ENOTFOUND' }), '');
      else if (options.all) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
