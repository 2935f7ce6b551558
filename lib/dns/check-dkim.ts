import { showsKey } from '../dkim/key-record.ts';
import { isCnameSelector } from '../dkim/plan-keys.ts';
import { finding, unreachable } from './check-record.ts';
import type { RecordFinding } from './record-finding.ts';
import type { DkimKeyFacts } from './dkim-facts.ts';
import type { Answer } from './lookup.ts';

export interface LookedUpKey {
  key: DkimKeyFacts;
  answer: Answer<string>;
}

export interface LookedUpCname {
  selector: string;
  target: string;
  answer: Answer<string>;
}

export interface SeenKey {
  selector: string;
  publicKey: string;
  seen: boolean;
}

const shows = ({ key, answer }: LookedUpKey): boolean => answer.kind === 'found' && showsKey(answer.values, key);

/** What the name servers said of each key; one that they said nothing of is left out. */
export const seenKeys = (looked: readonly LookedUpKey[]): SeenKey[] =>
  looked
    .filter(({ answer }) => answer.kind !== 'unreachable')
    .map((each) => ({ selector: each.key.selector, publicKey: each.key.publicKey, seen: shows(each) }));

/**
 * Right where both signatures can be checked. RSA alone is enough for all others, so what is missing beside it is a note. `cnames`: null where
 * the domain publishes its keys itself.
 */
export function checkDkim(looked: readonly LookedUpKey[], cnames: readonly LookedUpCname[] | null): RecordFinding {
  const rsa = looked.filter(({ key }) => key.algorithm === 'rsa');
  const signing = rsa.find(({ key }) => key.use === 'signs');
  if (!rsa.some(shows)) return notSigned(rsa, cnames);
  if (cnames && rsa.some((each) => each.key.use === 'signs' && shows(each) && !isCnameSelector(each.key.selector))) {
    return finding('note', 'by-text');
  }
  if (signing && shows(signing) && rsa.length > 1) return finding('note', 'renewing');
  const ed25519 = looked.findLast(({ key }) => key.algorithm === 'ed25519');
  if (ed25519 && !shows(ed25519)) return finding('note', 'rsa-only');
  return finding('right', 'signed');
}

function notSigned(rsa: readonly LookedUpKey[], cnames: readonly LookedUpCname[] | null): RecordFinding {
  const isSet = ({ target, answer }: LookedUpCname): boolean => answer.kind === 'found' && answer.values.includes(target);
  const behind = cnames?.filter((cname) => isSet(cname) && rsa.some(({ key }) => key.selector === cname.selector)) ?? [];
  for (const { answer } of rsa) if (answer.kind === 'unreachable') return unreachable(answer);
  const found = rsa.flatMap(({ answer }) => (answer.kind === 'found' ? answer.values : []));
  // its owner did what there is to do
  if (behind.length > 0) return finding('missing', 'host-pending', found);
  return found.length > 0 ? finding('wrong', 'other-key', found) : finding('missing', 'none');
}
