import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** The addresses of a name, of one family; rejects where it has none. */
type Ask = (name: string, type: 'A' | 'AAAA') => Promise<string[]>;

/**
 * Resolves a name that a stranger wrote once, and only where all its addresses may be reached. The name servers are asked directly: the
 * lookup of the system holds one of four threads as long as a stranger's server is silent, and all others would wait behind.
 */
export const createPublicLookup =
  (ask: Ask, mayReach: (address: string) => boolean = isPublicAddress): LookupFunction =>
  (hostname, { all, family }, callback) => {
    const asked = [family === 6 ? [] : ask(hostname, 'A'), family === 4 ? [] : ask(hostname, 'AAAA')];
    void Promise.allSettled(asked).then(([four, six]) => {
      const found = [
        ...(four?.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
        ...(six?.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
      ];
      const [first] = found;
      if (!first || !found.every(({ address }) => mayReach(address))) {
        callback(Object.assign(new Error(`no public address of ${hostname}`), { code: 'ENOTFOUND' }), '');
      } else if (all) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
