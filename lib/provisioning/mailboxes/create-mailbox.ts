import { localPartOf, type EmailAddress } from '../../addresses/email-address.ts';
import { addressUnder } from '../address-under.ts';
import { checkNewPassword, type NewPasswordProblem } from '../../auth/check-new-password.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import { hashPassword } from '../../auth/password-hash.ts';
import { randomPassword } from '../../auth/random-password.ts';
import type { Database, Transaction } from '../../db/prisma.ts';
import { holdLimits, promisedBytes } from '../customers/customer-limits.ts';
import { usableDomain } from '../domains/held-domain.ts';
import { auditOf, isAboveCaller } from './own-mailbox.ts';
import { quotaBytes } from './quota.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';
import { isUniqueViolation } from '../unique-violation.ts';

export interface NewMailbox {
  localPart: string;
  /** A-label name of one of the customer's domains */
  domain: string;
  /** null: one is made and shown once */
  password: string | null;
  quotaBytes: number;
  /** of the person, may be empty */
  name: string;
  locale: string;
}

export interface CreatedMailbox {
  id: number;
  address: EmailAddress;
  /** generated, in clear; null when it was given, or taken over from the person who signs in with this address */
  password: string | null;
  /** the person of this customer who signs in with this address keeps their password, and it opens the mailbox too */
  keepsPersonsPassword: boolean;
  /** the person who signed in with this address until now, and has this password from now on */
  userId: number | null;
}

/**
 * - UnknownDomain: none, or another customer's
 * - DomainIsAlias: all addresses of this domain lead to another one
 * - InvalidLocalPart: empty, or characters that cause trouble on the way
 * - InvalidName: longer than 120 characters
 * - InvalidQuota: not within 10 MB and 1 TB
 * - TooManyMailboxes, StorageLimit: the customer has as many, or as much storage promised, as it may
 * - OwnersOnly: an administrator sets a password for the mailbox of an owner, who signs in with this address
 * - AddressTaken: a mailbox or an alias has it; deleted mailboxes keep theirs for 30 days
 * - and what checkNewPassword says
 */
export type CreateMailboxCode =
  | 'UnknownDomain'
  | 'DomainIsAlias'
  | 'InvalidLocalPart'
  | 'InvalidName'
  | 'InvalidQuota'
  | 'AddressTaken'
  | 'TooManyMailboxes'
  | 'StorageLimit'
  | 'OwnersOnly'
  | NewPasswordProblem;

/** Creates a mailbox; IMAP, POP3 and SMTP know it as soon as this is committed. */
export async function createMailbox(
  database: Database,
  scope: CustomerScope,
  input: NewMailbox,
): Promise<Result<CreatedMailbox, CreateMailboxCode>> {
  const known = await database.domain.findFirst({ where: { name: input.domain, customerId: scope.customerId, displacedFrom: null } });
  if (!known) return refused('UnknownDomain');
  const address = addressUnder(known.name, input.localPart);
  if (!address) return refused('InvalidLocalPart');
  const name = input.name.trim();
  if (name.length > 120) return refused('InvalidName');
  const quota = quotaBytes.safeParse(input.quotaBytes);
  if (!quota.success) return refused('InvalidQuota');
  const problem = input.password === null ? null : checkNewPassword(input.password, { address });
  if (problem) return refused(problem);
  // hashed before the transaction, so that no lock waits for it
  const password = input.password ?? randomPassword();
  const passwordHash = await hashPassword(password);
  try {
    return await database.$transaction(async (transaction): Promise<Result<CreatedMailbox, CreateMailboxCode>> => {
      const limits = await holdLimits(transaction, scope.customerId);
      const domain = await usableDomain(transaction, scope, known.name);
      if (!domain) return refused('UnknownDomain');
      if (domain.aliasOf !== null) return refused('DomainIsAlias');
      if ((await transaction.mailbox.count({ where: { customerId: scope.customerId } })) >= limits.mailboxes)
        return refused('TooManyMailboxes');
      if ((await promisedBytes(transaction, scope.customerId)) + quota.data > limits.storageBytes) return refused('StorageLimit');
      const person = await personWithAddress(transaction, scope, address);
      if (person && input.password !== null && isAboveCaller(scope, { user: person })) return refused('OwnersOnly');
      const kept = input.password === null ? (person?.passwordHash ?? null) : null;
      if (await transaction.address.findUnique({ where: { address }, select: { id: true } })) return refused('AddressTaken');
      const mailbox = await transaction.mailbox.create({
        data: {
          customerId: scope.customerId,
          domainId: domain.id,
          localPart: localPartOf(address),
          address,
          name: name || person?.name || '',
          passwordHash: kept ?? passwordHash,
          quotaBytes: quota.data,
          locale: input.locale,
        },
      });
      await transaction.address.create({ data: { domainId: domain.id, address, mailboxId: mailbox.id, isPrimary: true } });
      if (person) {
        await transaction.user.update({ where: { id: person.id }, data: { mailboxId: mailbox.id, passwordHash: null } });
      }
      await recordAudit(transaction, {
        ...auditOf(scope),
        action: 'mailbox.created',
        subject: address,
        details: { quotaBytes: quota.data },
      });
      return done({
        id: Number(mailbox.id),
        address,
        password: input.password === null && kept === null ? password : null,
        keepsPersonsPassword: kept !== null,
        userId: person ? Number(person.id) : null,
      });
    });
  } catch (error) {
    if (isUniqueViolation(error)) return refused('AddressTaken');
    throw error;
  }
}

/** The person of this customer who signs in with the address before it is a mailbox; not one whose role was taken or whose mailbox is gone. */
const personWithAddress = (transaction: Transaction, scope: CustomerScope, address: EmailAddress) =>
  transaction.user.findFirst({ where: { email: address, customerId: scope.customerId, mailboxId: null, passwordHash: { not: null } } });
