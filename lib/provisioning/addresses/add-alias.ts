import type { EmailAddress } from '../../addresses/email-address.ts';
import { addressUnder } from '../address-under.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { holdLimits } from '../customers/customer-limits.ts';
import { usableDomain } from '../domains/held-domain.ts';
import { auditOf, heldMailbox } from '../mailboxes/own-mailbox.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';
import { isUniqueViolation } from '../unique-violation.ts';

/**
 * - UnknownMailbox, UnknownDomain: none, or another customer's
 * - InvalidLocalPart: empty, or characters that cause trouble on the way
 * - AddressTaken: a mailbox or an alias has it
 * - DomainIsAlias: all addresses of this domain lead to another one
 * - TooMany: a mailbox has at most 200
 * - TooManyAliases: the customer has as many as it may
 */
export type AddAliasCode =
  | 'UnknownMailbox'
  | 'UnknownDomain'
  | 'InvalidLocalPart'
  | 'AddressTaken'
  | 'DomainIsAlias'
  | 'TooMany'
  | 'TooManyAliases';

const most = 200;

/** Lets a mailbox receive under a further address; it may also send with it. */
export async function addAlias(
  database: Database,
  scope: CustomerScope,
  mailboxId: number,
  input: { localPart: string; domain: string },
): Promise<Result<EmailAddress, AddAliasCode>> {
  try {
    return await database.$transaction(async (transaction): Promise<Result<EmailAddress, AddAliasCode>> => {
      const domain = await usableDomain(transaction, scope, input.domain);
      const mailbox = await heldMailbox(transaction, scope, mailboxId);
      if (!mailbox || mailbox.status === 'deleted') return refused('UnknownMailbox');
      if (!domain) return refused('UnknownDomain');
      if (domain.aliasOf !== null) return refused('DomainIsAlias');
      const address = addressUnder(domain.name, input.localPart);
      if (!address) return refused('InvalidLocalPart');
      // counted alone, from here on
      const { aliases } = await holdLimits(transaction, scope.customerId);
      if ((await transaction.address.count({ where: { mailboxId: mailbox.id } })) > most) return refused('TooMany');
      const all = { isPrimary: false, domain: { customerId: scope.customerId } };
      if ((await transaction.address.count({ where: all })) >= aliases) return refused('TooManyAliases');
      if (await transaction.address.findUnique({ where: { address }, select: { id: true } })) return refused('AddressTaken');
      await transaction.address.create({ data: { domainId: domain.id, address, mailboxId: mailbox.id } });
      await recordAudit(transaction, { ...auditOf(scope), action: 'alias.added', subject: address, details: { mailbox: mailbox.address } });
      return done(address);
    });
  } catch (error) {
    if (isUniqueViolation(error)) return refused('AddressTaken');
    throw error;
  }
}
