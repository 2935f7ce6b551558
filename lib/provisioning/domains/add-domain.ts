import { getDomain } from 'tldts';
import { displayDomain, parseDomainName, type DomainName } from '../../addresses/domain-name.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import { deriveKey } from '../../auth/derive-key.ts';
import { sealSecret } from '../../auth/secret-box.ts';
import { customerId, type CustomerId } from '../../db/ids.ts';
import type { Database, Transaction } from '../../db/prisma.ts';
import { checkOwnership } from '../../dns/check-record.ts';
import { makeDkimKey } from '../../dkim/make-key.ts';
import { firstSelectors } from '../../dkim/plan-keys.ts';
import { ownershipName } from '../../dns/expected-records.ts';
import type { Lookup } from '../../dns/lookup.ts';
import { holdLimits, type CustomerLimits } from '../customers/customer-limits.ts';
import { auditOf } from '../mailboxes/own-mailbox.ts';
import { hasAgreed } from './domain-requests.ts';
import { ownerOfName } from './owner-of-name.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';
import { undoneWhereRefused } from '../roll-back.ts';
import { isUniqueViolation } from '../unique-violation.ts';

/**
 * - InvalidDomain: not a domain name (RFC 1035), an IP address, or a name that no DNS knows (RFC 2606)
 * - PublicSuffix: a name under which others register theirs, such as "co.at"
 * - OwnHost: the name of this installation, or one below it
 * - AlreadyYours: it is in the list already
 * - ProofNeeded: add it again when the ownership record stands in its DNS
 * - TakenByOther: another customer confirmed it
 * - TooManyDomains: the customer has as many as it may; TooManyUnproved: as many that wait for their proof
 */
export type AddDomainCode =
  | 'InvalidDomain'
  | 'PublicSuffix'
  | 'OwnHost'
  | 'AlreadyYours'
  | 'ProofNeeded'
  | 'TakenByOther'
  | 'TooManyDomains'
  | 'TooManyUnproved';

export interface Surroundings {
  /** POSTAMT_SECRET */
  secret: string;
  /** names under which mail server and web are reached */
  ownHosts: readonly string[];
  lookup: Pick<Lookup, 'txt'>;
  /** POSTAMT_DKIM_ZONE */
  dkimZone: string | null;
}

/** Accepts "müller.at", "https://www.müller.at/", "max@müller.at": what people paste when asked for their domain. */
export const domainFromInput = (input: string): string =>
  input
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/[/?#].*$/, '')
    .replace(/^.*@/, '')
    .replace(/^www\./i, '');

/**
 * Adds a domain with DKIM keys and a token to prove ownership with. Until that is proven its mailboxes write within their customer only,
 * and other customers' letters to it go where its MX points (docs/decisions/003). Proof is needed at once where somebody else could be
 * harmed: the name is listed by another customer or was confirmed by one before (their MX may still point here), it lies below a name that
 * another one proved and who did not agree (ask-for-domain.ts), it could pass for another name, or this installation's own name lies below
 * it. A name below one's own proved domain is proved with it. An entry that nobody proves expires (POSTAMT_UNPROVED_DAYS).
 */
export async function addDomain(
  database: Database,
  scope: CustomerScope,
  input: string,
  { secret, ownHosts, lookup, dkimZone }: Surroundings,
): Promise<Result<DomainName, AddDomainCode>> {
  const name = parseDomainName(domainFromInput(input));
  if (!name) return refused('InvalidDomain');
  if (name.endsWith('.invalid')) return refused('InvalidDomain');
  if (getDomain(name, { allowPrivateDomains: true }) === null) return refused('PublicSuffix');
  if (ownHosts.some((host) => name === host || name.endsWith(`.${host}`))) return refused('OwnHost');
  const existing = await database.domain.findUnique({ where: { name }, select: { customerId: true, verifiedAt: true } });
  if (existing && customerId(existing.customerId) === scope.customerId) return refused('AlreadyYours');
  const verificationToken = ownershipToken(secret, scope.customerId, name);
  const owner = await ownerOfName(database, name);
  const inherited = owner === scope.customerId && existing === null;
  const isOthers = owner !== null && owner !== scope.customerId;
  // whose the name is may give it away, also where somebody else merely entered it, or he himself had it before
  const agreed = isOthers && !existing?.verifiedAt && (await hasAgreed(database, { customerId: scope.customerId, owner, name }));
  const delicate =
    (existing !== null && !agreed) ||
    (isOthers && !agreed) ||
    isMistakable(name) ||
    ownHosts.some((host) => host.endsWith(`.${name}`)) ||
    (await wasConfirmedByOther(database, agreed ? [scope.customerId, owner] : [scope.customerId], name));
  const proved = delicate || inherited || agreed;
  const byRecord = delicate && !inherited;
  if (byRecord && checkOwnership(await lookup.txt(ownershipName(name)), verificationToken).state !== 'right') {
    return refused(existing?.verifiedAt ? 'TakenByOther' : 'ProofNeeded');
  }
  const keys = await firstKeys(secret, dkimZone !== null);
  try {
    return await undoneWhereRefused(database, async (transaction): Promise<Result<DomainName, AddDomainCode>> => {
      const limits = await holdLimits(transaction, scope.customerId);
      const inTheWay =
        (await makeRoom(transaction, scope, name, proved)) ?? (await hasNoRoom(transaction, scope.customerId, limits, proved));
      if (inTheWay) return refused(inTheWay);
      // an agreement is good for one time, and nothing but the record holds after the domain above has become somebody else's
      const used = await transaction.domainRequest.deleteMany({ where: { customerId: scope.customerId, name } });
      if (!byRecord && ((agreed && used.count === 0) || (await ownerOfName(transaction, name)) !== owner)) return refused('ProofNeeded');
      await transaction.domain.create({
        data: {
          customerId: scope.customerId,
          name,
          verificationToken,
          verifiedAt: proved ? new Date() : null,
          ...keys,
        },
      });
      await recordAudit(transaction, { ...auditOf(scope), action: 'domain.added', subject: name });
      if (proved) await recordAudit(transaction, { ...auditOf(scope), action: 'domain.verified', subject: name });
      return done(name);
    });
  } catch (error) {
    // somebody was faster by a moment, and is there now
    if (isUniqueViolation(error)) return addDomain(database, scope, input, { secret, ownHosts, lookup, dkimZone });
    throw error;
  }
}

/** An RSA and an Ed25519 key. Nothing is signed with either before the DNS shows it. */
async function firstKeys(secret: string, byCname: boolean) {
  const [rsa, ed25519] = await Promise.all([makeDkimKey('rsa'), makeDkimKey('ed25519')]);
  const [first, second] = firstSelectors(byCname);
  return {
    dkimSelector: first,
    dkimPrivateKey: sealSecret(rsa.privateKeyPem, secret),
    dkimPublicKey: rsa.publicKey,
    dkimSeenAt: null,
    dkimKeys: {
      create: [
        {
          selector: second,
          algorithm: 'ed25519' as const,
          privateKey: sealSecret(ed25519.privateKeyPem, secret),
          publicKey: ed25519.publicKey,
        },
      ],
    },
  };
}

/** The same for every attempt of one customer, so that it can be set before the domain is in the list; different for each customer. */
export const ownershipToken = (secret: string, customer: CustomerId, name: DomainName): string =>
  deriveKey(secret, 'domain ownership v1', Buffer.from(`${customer} ${name}`))
    .toString('hex')
    .slice(0, 32);

/** Who had the domain before may have left its MX record pointing here: letters to them must not go to whoever types the name next. */
const wasConfirmedByOther = async (database: Database, known: CustomerId[], name: DomainName): Promise<boolean> =>
  (await database.auditEvent.count({
    where: { action: 'domain.verified', subject: name, OR: [{ customerId: null }, { customerId: { notIn: known } }] },
  })) > 0;

/** A label that is not shown as the letters it stands for, because these pass for others: whoever owns such a name can prove it. */
const isMistakable = (name: DomainName): boolean =>
  displayDomain(name)
    .split('.')
    .some((label) => label.startsWith('xn--'));

async function hasNoRoom(
  transaction: Transaction,
  customer: CustomerId,
  limits: CustomerLimits,
  proved: boolean,
): Promise<'TooManyDomains' | 'TooManyUnproved' | null> {
  if ((await transaction.domain.count({ where: { customerId: customer } })) >= limits.domains) return 'TooManyDomains';
  const waiting = { customerId: customer, verifiedAt: null, displacedFrom: null };
  return !proved && (await transaction.domain.count({ where: waiting })) >= limits.unprovedDomains ? 'TooManyUnproved' : null;
}

/**
 * Nobody keeps a domain from its owner by merely typing its name first: an unproved entry gives way to who proved it. Its mailboxes stay with
 * what lies in them and lose the name (domain_gives_way). A proved one stays; so does every other where nothing is proved, which may have come
 * while keys were made. Null: the name is free.
 */
async function makeRoom(transaction: Transaction, scope: CustomerScope, name: DomainName, proved: boolean): Promise<AddDomainCode | null> {
  await transaction.$queryRaw`select 1 from domain where name = ${name} for update`;
  const existing = await transaction.domain.findUnique({ where: { name } });
  if (!existing) return null;
  if (customerId(existing.customerId) === scope.customerId) return 'AlreadyYours';
  if (existing.verifiedAt) return 'TakenByOther';
  if (!proved) return 'ProofNeeded';
  await transaction.$queryRaw`select domain_gives_way(${existing.id}, 'another customer proved ownership')`;
  return null;
}
