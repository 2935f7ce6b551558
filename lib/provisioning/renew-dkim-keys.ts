import type { CustomerScope } from '../auth/customer-scope.ts';
import { sealSecret } from '../auth/secret-box.ts';
import type { Database } from '../db/prisma.ts';
import { makeDkimKey } from '../dkim/make-key.ts';
import { renewal } from '../dkim/plan-keys.ts';
import { dkimFacts, keyFacts, plannedKeys } from '../dns/dkim-facts.ts';
import { auditOf } from './own-mailbox.ts';
import { recordAudit } from './record-audit.ts';
import { done, refused, type Result } from './result.ts';

/**
 * - UnknownDomain: none of the customer's
 * - RenewalUnderWay: new keys wait already until the DNS shows them
 */
export type RenewDkimKeysCode = 'UnknownDomain' | 'RenewalUnderWay';

/**
 * Makes new DKIM keys for a domain. Letters are signed with the old ones until the DNS has shown the new RSA key for an hour; the old one stays
 * published for a week after.
 */
export async function renewDkimKeys(
  database: Database,
  scope: CustomerScope,
  name: string,
  { secret, dkimZone }: { secret: string; dkimZone: string | null },
): Promise<Result<null, RenewDkimKeysCode>> {
  // made before, so that nobody waits for it with a lock
  const [rsa, ed25519] = await Promise.all([makeDkimKey('rsa'), makeDkimKey('ed25519')]);
  return database.$transaction(async (transaction): Promise<Result<null, RenewDkimKeysCode>> => {
    await transaction.$queryRaw`select 1 from domain where name = ${name} and customer_id = ${scope.customerId} for update`;
    const domain = await transaction.domain.findFirst({
      where: { name, customerId: scope.customerId, displacedFrom: null },
      include: { dkimKeys: keyFacts },
    });
    if (!domain) return refused('UnknownDomain');
    const next = renewal(plannedKeys(dkimFacts(domain)), dkimZone !== null);
    if (!next) return refused('RenewalUnderWay');
    await transaction.dkimKey.deleteMany({ where: { domainId: domain.id, selector: { in: next.drop } } });
    await transaction.dkimKey.createMany({
      data: next.make.map(({ selector, algorithm }) => {
        const made = algorithm === 'rsa' ? rsa : ed25519;
        return {
          domainId: domain.id,
          selector,
          algorithm,
          privateKey: sealSecret(made.privateKeyPem, secret),
          publicKey: made.publicKey,
        };
      }),
    });
    const details = { selectors: next.make.map(({ selector }) => selector).join(' ') };
    await recordAudit(transaction, { ...auditOf(scope), action: 'dkim-keys.renewed', subject: domain.name, details });
    return done(null);
  });
}
