import { isAbsent } from '../../lib/config/patient-resolver.ts';
import { sealSecret } from '../../lib/auth/secret-box.ts';
import { dkimName, showsKey } from '../../lib/dkim/key-record.ts';
import { makeDkimKey } from '../../lib/dkim/make-key.ts';
import { isCnameSelector, keysToMake, outOfPlace, renewal, type KeyToMake } from '../../lib/dkim/plan-keys.ts';
import type { DnsResolver } from '../delivery/authenticity/dns-resolver.ts';
import type { Database } from '../store/postgres/database.ts';
import {
  addDomainKey,
  dropDomainKeys,
  dropRetiredKeys,
  lockDomain,
  noteKeySeen,
  readDomainKeys,
  takeDomainToTend,
  type TendedDomain,
} from '../store/domain-keys.ts';

export interface DkimSettings {
  /** POSTAMT_DKIM_ZONE */
  zone: string | null;
  /** POSTAMT_DKIM_DAYS */
  days: number;
  /** POSTAMT_SECRET */
  secret: string;
  resolver: Pick<DnsResolver, 'resolve'>;
}

type Tended = Pick<Database, 'write' | 'transaction'>;

const dayMs = 86_400_000;

/**
 * Looks whether the DNS shows the keys of one domain, makes what it lacks, and begins a renewal when its time has come. Everything that
 * follows from what is seen (which key signs, which one retires) is in dkim_key_seen. True: there may be another domain.
 */
export async function tendDomainKeys(database: Tended, { zone, days, secret, resolver }: DkimSettings): Promise<boolean> {
  const byCname = zone !== null;
  const domain = await takeDomainToTend(database.write, byCname);
  if (!domain) return false;
  await look(database, resolver, domain);
  await dropRetiredKeys(database.write, domain.id);
  // what a look changed stands there only now
  const now = await readDomainKeys(database.write, domain.id);
  if (!now) return true;
  const next = byCname && isOld(now, days) ? renewal(now, true) : null;
  const keys = await make(secret, next?.make ?? keysToMake(now, byCname));
  const dropped = [...outOfPlace(now, byCname), ...(next?.drop ?? [])];
  if (dropped.length + keys.length === 0) return true;
  await database.transaction(async (query) => {
    if (!(await lockDomain(query, now.id))) return;
    if (dropped.length > 0) await dropDomainKeys(query, now.id, dropped);
    for (const key of keys) await addDomainKey(query, now.id, key);
  });
  return true;
}

/** Only where both CNAMEs are seen to work: the second one is what the renewal needs. */
const isOld = ({ rsa, others }: TendedDomain, days: number): boolean =>
  days > 0 &&
  rsa.seen &&
  rsa.madeAt < Date.now() - days * dayMs &&
  others.some(({ selector, algorithm, seen, retired }) => algorithm === 'ed25519' && seen && !retired && isCnameSelector(selector));

async function look(
  { write }: Tended,
  resolver: DkimSettings['resolver'],
  { id, name, rsa, others, due }: TendedDomain & { due: readonly string[] },
): Promise<void> {
  const keys = [{ ...rsa, algorithm: 'rsa' as const }, ...others].filter(({ selector }) => due.includes(selector));
  const answers = await Promise.all(keys.map(({ selector }) => recordsAt(resolver, dkimName(selector, name))));
  for (const [index, key] of keys.entries()) {
    const records = answers[index];
    // name servers that do not answer say nothing about the key
    if (records) await noteKeySeen(write, id, key, showsKey(records, key));
  }
}

async function recordsAt(resolver: DkimSettings['resolver'], name: string): Promise<string[] | null> {
  try {
    return (await resolver.resolve(name, 'TXT')).map((pieces) => pieces.join(''));
  } catch (error) {
    return isAbsent(error) ? [] : null;
  }
}

const make = (secret: string, keys: readonly KeyToMake[]) =>
  Promise.all(
    keys.map(async ({ selector, algorithm }) => {
      const { privateKeyPem, publicKey } = await makeDkimKey(algorithm);
      return { selector, algorithm, privateKey: sealSecret(privateKeyPem, secret), publicKey };
    }),
  );
