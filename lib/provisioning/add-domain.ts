import { getDomain } from 'tldts';
import { parseDomainName, type DomainName } from '../addresses/domain-name.ts';
import type { CustomerScope } from '../auth/customer-scope.ts';
import { deriveKey } from '../auth/derive-key.ts';
import { sealSecret } from '../auth/secret-box.ts';
import { customerId, type CustomerId } from '../db/ids.ts';
import type { Database, Transaction } from '../db/prisma.ts';
import { checkOwnership } from '../dns/check-record.ts';
import { makeDkimKey } from '../dns/dkim-key.ts';
import { ownershipName } from '../dns/expected-records.ts';
import type { Lookup } from '../dns/lookup.ts';
import { auditOf } from './own-mailbox.ts';
import { recordAudit } from './record-audit.ts';
import { done, refused, type Result } from './result.ts';
import { isUniqueViolation } from './unique-violation.ts';

/**
 * - InvalidDomain: not a domain name (RFC 1035), or an IP address
 * - PublicSuffix: a name under which others register theirs, such as "co.at"
 * - OwnHost: the name of this installation, or one below it
 * - AlreadyYours: it is in the list already
 * - ProofNeeded: add it again when the ownership record stands in its DNS
 * - TakenByOther: another customer confirmed it, or has letters in its mailboxes
 */
export type AddDomainCode = 'InvalidDomain' | 'PublicSuffix' | 'OwnHost' | 'AlreadyYours' | 'ProofNeeded' | 'TakenByOther';

export interface Surroundings {
  /** POSTAMT_SECRET */
  secret: string;
  /** names under which mail server and web are reached */
  ownHosts: readonly string[];
  lookup: Pick<Lookup, 'txt'>;
}

export const dkimSelector = 'pa1';

/** Accepts "müller.at", "https://www.müller.at/", "max@müller.at": what people paste when asked for their domain. */
export const domainFromInput = (input: string): string =>
  input
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/[/?#].*$/, '')
    .replace(/^.*@/, '')
    .replace(/^www\./i, '');

/**
 * Adds a domain with a DKIM key and a token to prove ownership with. Until that is proven its mailboxes write within their customer only,
 * and other customers' letters to it go where its MX points (docs/decisions/003). Proof is needed at once where somebody else could be
 * harmed: the name is listed by another customer or was confirmed by one before (their MX may still point here), or this installation's
 * own name lies below it.
 */
export async function addDomain(
  database: Database,
  scope: CustomerScope,
  input: string,
  { secret, ownHosts, lookup }: Surroundings,
): Promise<Result<DomainName, AddDomainCode>> {
  const name = parseDomainName(domainFromInput(input));
  if (!name) return refused('InvalidDomain');
  if (getDomain(name, { allowPrivateDomains: true }) === null) return refused('PublicSuffix');
  if (ownHosts.some((host) => name === host || name.endsWith(`.${host}`))) return refused('OwnHost');
  const existing = await database.domain.findUnique({ where: { name }, select: { customerId: true } });
  if (existing && customerId(existing.customerId) === scope.customerId) return refused('AlreadyYours');
  const verificationToken = ownershipToken(secret, scope.customerId, name);
  const delicate =
    existing !== null || ownHosts.some((host) => host.endsWith(`.${name}`)) || (await wasConfirmedByOther(database, scope, name));
  if (delicate && checkOwnership(await lookup.txt(ownershipName(name)), verificationToken).state !== 'right') {
    return refused((await mayMakeRoom(database, name)) ? 'ProofNeeded' : 'TakenByOther');
  }
  const key = await makeDkimKey();
  try {
    return await database.$transaction(async (transaction) => {
      if (!(await makeRoom(transaction, name))) return refused('TakenByOther');
      await transaction.domain.create({
        data: {
          customerId: scope.customerId,
          name,
          verificationToken,
          verifiedAt: delicate ? new Date() : null,
          dkimSelector,
          dkimPrivateKey: sealSecret(key.privateKeyPem, secret),
          dkimPublicKey: key.publicKey,
        },
      });
      await recordAudit(transaction, { ...auditOf(scope), action: 'domain.added', subject: name });
      if (delicate) await recordAudit(transaction, { ...auditOf(scope), action: 'domain.verified', subject: name });
      return done(name);
    });
  } catch (error) {
    if (isUniqueViolation(error)) return refused('TakenByOther');
    throw error;
  }
}

/** The same for every attempt of one customer, so that it can be set before the domain is in the list; different for each customer. */
export const ownershipToken = (secret: string, customer: CustomerId, name: DomainName): string =>
  deriveKey(secret, 'domain ownership v1', Buffer.from(`${customer} ${name}`))
    .toString('hex')
    .slice(0, 32);

/** Who had the domain before may have left its MX record pointing here: letters to them must not go to whoever types the name next. */
const wasConfirmedByOther = async (database: Database, { customerId: mine }: CustomerScope, name: DomainName): Promise<boolean> =>
  (await database.auditEvent.count({
    where: { action: 'domain.verified', subject: name, OR: [{ customerId: null }, { customerId: { not: mine } }] },
  })) > 0;

/** Nobody keeps a domain from its owner by merely typing its name first. Letters are never deleted for it, the operator has to decide. */
async function mayMakeRoom(transaction: Database | Transaction, name: DomainName): Promise<boolean> {
  const existing = await transaction.domain.findUnique({ where: { name }, include: { mailboxes: { select: { id: true } } } });
  if (!existing) return true;
  if (existing.verifiedAt) return false;
  const accounts = existing.mailboxes.map(({ id }) => id);
  return (await transaction.accountCounter.count({ where: { accountId: { in: accounts }, usedMessages: { gt: 0 } } })) === 0;
}

/** Removes another customer's unconfirmed entry for the one who proved ownership. False: it has to stay. */
async function makeRoom(transaction: Transaction, name: DomainName): Promise<boolean> {
  if (!(await mayMakeRoom(transaction, name))) return false;
  const existing = await transaction.domain.findUnique({ where: { name } });
  if (!existing) return true;
  await transaction.domain.delete({ where: { id: existing.id } });
  await recordAudit(transaction, {
    customerId: customerId(existing.customerId),
    actor: 'system',
    remote: null,
    action: 'domain.removed',
    subject: name,
    details: { reason: 'another customer proved ownership' },
  });
  return true;
}
