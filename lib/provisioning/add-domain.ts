import { randomBytes } from 'node:crypto';
import { getDomain } from 'tldts';
import { parseDomainName, type DomainName } from '../addresses/domain-name.ts';
import type { CustomerScope } from '../auth/customer-scope.ts';
import { sealSecret } from '../auth/secret-box.ts';
import { customerId } from '../db/ids.ts';
import type { Database, Transaction } from '../db/prisma.ts';
import { makeDkimKey } from '../dns/dkim-key.ts';
import { recordAudit } from './record-audit.ts';
import { done, refused, type Result } from './result.ts';
import { isUniqueViolation } from './unique-violation.ts';

/**
 * - InvalidDomain: not a domain name (RFC 1035), or an IP address
 * - PublicSuffix: a name under which others register theirs, such as "co.at"
 * - AlreadyYours: it is in the list already
 * - TakenByOther: another customer has it
 */
export type AddDomainCode = 'InvalidDomain' | 'PublicSuffix' | 'AlreadyYours' | 'TakenByOther';

const reservedForMs = 3 * 24 * 3600 * 1000;
export const dkimSelector = 'pa1';

/** Accepts "müller.at", "https://www.müller.at/", "max@müller.at": what people paste when asked for their domain. */
export const domainFromInput = (input: string): string =>
  input
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/[/?#].*$/, '')
    .replace(/^.*@/, '')
    .replace(/^www\./i, '');

/** Adds a domain with a DKIM key and a token to prove ownership with. Until that is proven no mail from outside is taken for it. */
export async function addDomain(
  database: Database,
  scope: CustomerScope,
  input: string,
  secret: string,
): Promise<Result<DomainName, AddDomainCode>> {
  const name = parseDomainName(domainFromInput(input));
  if (!name) return refused('InvalidDomain');
  if (getDomain(name, { allowPrivateDomains: true }) === null) return refused('PublicSuffix');
  const key = await makeDkimKey();
  try {
    return await database.$transaction(async (transaction) => {
      const obstacle = await clearTheWay(transaction, scope, name);
      if (obstacle) return refused(obstacle);
      await transaction.domain.create({
        data: {
          customerId: scope.customerId,
          name,
          verificationToken: randomBytes(16).toString('hex'),
          dkimSelector,
          dkimPrivateKey: sealSecret(key.privateKeyPem, secret),
          dkimPublicKey: key.publicKey,
        },
      });
      await recordAudit(transaction, { ...audit(scope), action: 'domain.added', subject: name });
      return done(name);
    });
  } catch (error) {
    if (isUniqueViolation(error)) return refused('TakenByOther');
    throw error;
  }
}

const audit = ({ customerId: id, actor, remote }: CustomerScope) => ({ customerId: id, actor, remote });

/**
 * Nobody may keep a domain from its owner by merely typing its name first: an entry of another customer that was not confirmed within
 * three days and holds no mailbox makes room.
 */
async function clearTheWay(transaction: Transaction, scope: CustomerScope, name: DomainName): Promise<AddDomainCode | null> {
  const existing = await transaction.domain.findUnique({ where: { name }, include: { _count: { select: { mailboxes: true } } } });
  if (!existing) return null;
  if (customerId(existing.customerId) === scope.customerId) return 'AlreadyYours';
  const old = Date.now() - existing.createdAt.getTime() > reservedForMs;
  if (existing.verifiedAt || existing._count.mailboxes > 0 || !old) return 'TakenByOther';
  await transaction.domain.delete({ where: { id: existing.id } });
  await recordAudit(transaction, {
    customerId: customerId(existing.customerId),
    actor: 'system',
    remote: null,
    action: 'domain.removed',
    subject: name,
    details: { reason: 'not confirmed' },
  });
  return null;
}
