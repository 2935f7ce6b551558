import type { Database } from '../db/prisma.ts';
import { dkimValue, showsKey, type PublishedKey } from '../dkim/key-record.ts';
import { cnameSelectors, cnameTarget } from '../dkim/plan-keys.ts';
import { dkimFacts, keyFacts } from './dkim-facts.ts';
import type { Lookup } from './lookup.ts';
import { quoted } from './zone-file.ts';

export interface ZoneKey extends PublishedKey {
  domain: string;
}

/** An hour: what the take-over of a new key waits for (prisma/functions/dkim_key_seen.sql). */
const ttlS = 3600;

/**
 * Keys behind the CNAMEs of all confirmed domains, those of letters on their way too. Made with a domain and seen by nobody yet, they stand here
 * already: so they are there when the domain's owner sets the CNAMEs.
 */
export async function listZoneKeys(database: Database): Promise<ZoneKey[]> {
  const domains = await database.domain.findMany({
    where: { verifiedAt: { not: null }, displacedFrom: null },
    select: { name: true, dkimSelector: true, dkimPublicKey: true, dkimSeenAt: true, dkimKeys: keyFacts },
    orderBy: { name: 'asc' },
  });
  return domains.flatMap((domain) => {
    const keys = dkimFacts(domain);
    return cnameSelectors.flatMap((selector) => {
      const key = keys.find((each) => each.selector === selector);
      return key ? [{ ...key, domain: domain.name }] : [];
    });
  });
}

/** The records as lines of a zone file (RFC 1035 section 5), for $INCLUDE or to be typed in by hand. Sorted, so that what changed is seen. */
export const dkimZoneText = (keys: readonly ZoneKey[], zone: string): string =>
  keys.map(({ domain, ...key }) => `${cnameTarget(key.selector, domain, zone)}. ${ttlS} IN TXT ${quoted(dkimValue(key))}\n`).join('');

const askedAtOnce = 20;

/** Those that the DNS does not show: what is left to do for whoever types records into a form. What it does not answer for counts as missing. */
export async function missingFrom(lookup: Pick<Lookup, 'txt'>, keys: readonly ZoneKey[], zone: string): Promise<ZoneKey[]> {
  const missing: ZoneKey[] = [];
  for (let start = 0; start < keys.length; start += askedAtOnce) {
    const some = keys.slice(start, start + askedAtOnce);
    const answers = await Promise.all(some.map(({ selector, domain }) => lookup.txt(cnameTarget(selector, domain, zone))));
    missing.push(
      ...some.filter((key, index) => {
        const answer = answers[index];
        return answer?.kind !== 'found' || !showsKey(answer.values, key);
      }),
    );
  }
  return missing;
}
