import type { PublishedKey } from '../dkim/key-record.ts';
import type { DomainKeys } from '../dkim/plan-keys.ts';

/**
 * - signs: letters are signed with it, or will be once the DNS shows it
 * - next: an RSA key that takes over when the DNS shows it
 * - old: signed letters that may still be on their way
 */
export type KeyUse = 'signs' | 'next' | 'old';

export interface DkimKeyFacts extends PublishedKey {
  use: KeyUse;
  /** the DNS showed it when somebody looked last */
  seen: boolean;
}

interface Row {
  dkimSelector: string;
  dkimPublicKey: string;
  dkimSeenAt: Date | null;
  dkimKeys: readonly (PublishedKey & { seenAt: Date | null; retiredAt: Date | null })[];
}

/** All keys of a domain, the RSA key in use first, the others in the order in which they were made. */
export const dkimFacts = ({ dkimSelector: selector, dkimPublicKey: publicKey, dkimSeenAt, dkimKeys }: Row): DkimKeyFacts[] => [
  { selector, algorithm: 'rsa', publicKey, use: 'signs', seen: dkimSeenAt !== null },
  ...dkimKeys.map(
    (key): DkimKeyFacts => ({
      selector: key.selector,
      algorithm: key.algorithm,
      publicKey: key.publicKey,
      seen: key.seenAt !== null,
      use: key.retiredAt ? 'old' : key.algorithm === 'rsa' ? 'next' : 'signs',
    }),
  ),
];

/** With `dkimKeys: keyFacts` a query brings what dkimFacts reads, and no private key. */
export const keyFacts = {
  select: { selector: true, algorithm: true, publicKey: true, retiredAt: true, seenAt: true, madeAt: true },
  orderBy: { id: 'asc' },
} as const;

/** The same in the form in which lib/dkim plans. */
export function plannedKeys([rsa, ...others]: readonly DkimKeyFacts[]): DomainKeys {
  return {
    rsa: { selector: rsa?.selector ?? '', seen: rsa?.seen ?? false },
    others: others.map(({ selector, algorithm, use, seen }) => ({ selector, algorithm, seen, retired: use === 'old' })),
  };
}
