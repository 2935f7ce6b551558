import type { Resolver } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from '../../addresses/public-address.ts';
import { createResolver } from '../../config/create-resolver.ts';
import { installation } from '../../config/installation.ts';

/**
 * Resolves a name that a stranger wrote once, and only to public addresses. The name servers are asked directly: the lookup of the system
 * holds one of four threads as long as a stranger's server is silent, and all pictures of all readers would wait behind.
 */
export const createPublicLookup =
  (resolver: () => Pick<Resolver, 'resolve4' | 'resolve6'>): LookupFunction =>
  (hostname, { all, family }, callback) => {
    const asked = [family === 6 ? [] : resolver().resolve4(hostname), family === 4 ? [] : resolver().resolve6(hostname)];
    void Promise.allSettled(asked).then(([four, six]) => {
      const found = [
        ...(four?.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
        ...(six?.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
      ];
      const [first] = found;
      if (!first || !found.every(({ address }) => isPublicAddress(address))) {
        callback(Object.assign(new Error('no public address'), { code: 'ENOTFOUND' }), '');
      } else if (all) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };

let known: Resolver | undefined;

const ownResolver = (): Resolver => (known ??= createResolver(installation().resolvers));

export const publicLookup = createPublicLookup(ownResolver);
