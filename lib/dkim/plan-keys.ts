import { createHash } from 'node:crypto';
import type { DkimAlgorithm } from './key-record.ts';

/**
 * Selectors behind which this installation publishes the keys itself: the domain's owner sets a CNAME for each, once. One of the two holds the
 * RSA key that signs, the other one an Ed25519 key; while keys are renewed it holds the next RSA key, or the one before.
 */
export const cnameSelectors = ['postamt1', 'postamt2'] as const;

export const isCnameSelector = (selector: string): boolean => cnameSelectors.some((each) => each === selector);

const longestName = 253;

/** Where the CNAME of a domain leads, in the zone of POSTAMT_DKIM_ZONE: the same for ever, whatever key stands there. */
export function cnameTarget(selector: string, domain: string, zone: string): string {
  const name = `${selector}.${domain}.${zone}`;
  if (name.length <= longestName) return name;
  return `${selector}.${createHash('sha256').update(domain).digest('hex').slice(0, 32)}.${zone}`;
}

/** The keys of a domain: the RSA key in use, and the others in the order in which they were made. */
export interface DomainKeys {
  rsa: { selector: string; seen: boolean };
  others: readonly { selector: string; algorithm: DkimAlgorithm; seen: boolean; retired: boolean }[];
}

export interface KeyToMake {
  selector: string;
  algorithm: DkimAlgorithm;
}

/** A key that nobody replaced yet, in a place where the installation publishes (`byCname`) or where the owner does. */
const waits = ({ others }: DomainKeys, algorithm: DkimAlgorithm, byCname: boolean): boolean =>
  others.some((key) => key.algorithm === algorithm && !key.retired && isCnameSelector(key.selector) === byCname);

/** "pa3" after "pa2": selectors for keys that the owner publishes as TXT records. */
function nextSelectors({ rsa, others }: DomainKeys): [string, string] {
  const numbers = [rsa, ...others].map(({ selector }) => Number(/^pa(\d{1,9})$/.exec(selector)?.[1] ?? 0));
  const last = Math.max(...numbers);
  return [`pa${last + 1}`, `pa${last + 2}`];
}

/** What a domain lacks: an Ed25519 key, and an RSA key where its owner can let this installation publish it. */
export function keysToMake(keys: DomainKeys, byCname: boolean): KeyToMake[] {
  if (!byCname) {
    const [next, afterwards] = nextSelectors(keys);
    // what once stood behind a CNAME cannot be published any longer
    const lost = isCnameSelector(keys.rsa.selector) && !keys.rsa.seen && !waits(keys, 'rsa', false);
    const ed25519 = !waits(keys, 'ed25519', false);
    return [
      ...(lost ? [{ selector: next, algorithm: 'rsa' as const }] : []),
      ...(ed25519 ? [{ selector: lost ? afterwards : next, algorithm: 'ed25519' as const }] : []),
    ];
  }
  const free: string[] = cnameSelectors.filter(
    (each) => each !== keys.rsa.selector && !keys.others.some(({ selector }) => selector === each),
  );
  const made: KeyToMake[] = [];
  const make = (algorithm: DkimAlgorithm): void => {
    const selector = free.shift();
    if (selector) made.push({ selector, algorithm });
  };
  const hasRsa = isCnameSelector(keys.rsa.selector) || waits(keys, 'rsa', true);
  if (!hasRsa) make('rsa');
  if (!waits(keys, 'ed25519', true)) make('ed25519');
  return made;
}

/** Selectors of keys that will never be seen, because since they were made the other side publishes. */
export const outOfPlace = ({ others }: DomainKeys, byCname: boolean): string[] =>
  others
    .filter(({ selector, seen, retired }) => !seen && !retired && isCnameSelector(selector) !== byCname)
    .map(({ selector }) => selector);

/** The keys of a new domain, the RSA key first. */
export const firstSelectors = (byCname: boolean): readonly [rsa: string, ed25519: string] => (byCname ? cnameSelectors : ['pa1', 'pa2']);

/**
 * The beginning of a renewal: keys to make, and selectors whose keys make room for them at once. Letters on their way do not suffer: each
 * signature with Ed25519 has one with RSA beside it, whose key stays. Null: one is under way, its last RSA key still stands for letters on their
 * way, or the CNAME records have to be set first.
 */
export function renewal(keys: DomainKeys, byCname: boolean): { make: KeyToMake[]; drop: string[] } | null {
  if (waits(keys, 'rsa', byCname)) return null;
  if (byCname) {
    const selector = cnameSelectors.find((each) => each !== keys.rsa.selector);
    if (!isCnameSelector(keys.rsa.selector) || !selector) return null;
    // what it signed may be on its way for as long as it is kept
    if (keys.others.some((key) => key.selector === selector && key.algorithm === 'rsa')) return null;
    return { make: [{ selector, algorithm: 'rsa' }], drop: [selector] };
  }
  const [next, afterwards] = nextSelectors(keys);
  return {
    make: [
      { selector: next, algorithm: 'rsa' },
      { selector: afterwards, algorithm: 'ed25519' },
    ],
    drop: [],
  };
}
