import type { CustomerScope } from '../../auth/customer-scope.ts';
import { sealSecret } from '../../auth/secret-box.ts';
import type { Database, Transaction } from '../../db/prisma.ts';
import { makeDkimKey } from '../../dkim/make-key.ts';
import { renewal } from '../../dkim/plan-keys.ts';
import { dkimFacts, keyFacts, plannedKeys } from '../../dns/dkim-facts.ts';
import { auditOf } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/**
 * - UnknownDomain: none of the customer's
 * - RenewalUnderWay: new keys wait already until the DNS shows them, or the last ones still stand for letters on their way
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
  const before = await plan(database, scope, name, dkimZone);
  if (!before.ok) return before;
  // made before anything is held, and for nobody who may not have them
  const [rsa, ed25519] = await Promise.all([makeDkimKey('rsa'), makeDkimKey('ed25519')]);
  return database.$transaction(async (transaction): Promise<Result<null, RenewDkimKeysCode>> => {
    await transaction.$queryRaw`select 1 from domain where name = ${name} and customer_id = ${scope.customerId} for update`;
    const planned = await plan(transaction, scope, name, dkimZone);
    if (!planned.ok) return planned;
    const { id, next } = planned.value;
    await transaction.dkimKey.deleteMany({ where: { domainId: id, selector: { in: next.drop } } });
    await transaction.dkimKey.createMany({
      data: next.make.map(({ selector, algorithm }) => {
        const { privateKeyPem, publicKey } = algorithm === 'rsa' ? rsa : ed25519;
        return { domainId: id, selector, algorithm, privateKey: sealSecret(privateKeyPem, secret), publicKey };
      }),
    });
    const details = { selectors: next.make.map(({ selector }) => selector).join(' ') };
    await recordAudit(transaction, { ...auditOf(scope), action: 'dkim-keys.renewed', subject: name, details });
    return done(null);
  });
}

type Planned = { id: bigint; next: NonNullable<ReturnType<typeof renewal>> };

async function plan(
  database: Database | Transaction,
  { customerId }: CustomerScope,
  name: string,
  dkimZone: string | null,
): Promise<Result<Planned, RenewDkimKeysCode>> {
  const domain = await database.domain.findFirst({ where: { name, customerId, displacedFrom: null }, include: { dkimKeys: keyFacts } });
  if (!domain) return refused('UnknownDomain');
  const next = renewal(plannedKeys(dkimFacts(domain)), dkimZone !== null);
  return next ? done({ id: domain.id, next }) : refused('RenewalUnderWay');
}
