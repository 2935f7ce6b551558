import { z } from 'zod';
import { domainOf, parseEmailAddress, type EmailAddress } from '../../addresses/email-address.ts';
import type { Actor } from '../../auth/customer-scope.ts';
import { checkNewPassword, type NewPasswordProblem } from '../../auth/check-new-password.ts';
import { hashPassword } from '../../auth/password-hash.ts';
import { maySignUpNow } from '../../auth/sign-up-limit.ts';
import { customerId, type CustomerId } from '../../db/ids.ts';
import type { Database, Transaction } from '../../db/prisma.ts';
import { ownerOfName } from '../domains/owner-of-name.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

const customerName = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^\P{Cc}*$/u);

export interface NewCustomer {
  /** company or person */
  name: string;
  /** login name of the first person, the owner */
  email: string;
  password: string;
  locale: string;
  remote: string | null;
  /** names of this installation: nobody signs up with an address on them */
  ownHosts?: readonly string[];
  /** who opens it; without: the owner */
  actor?: Actor;
}

/**
 * - InvalidName: empty, longer than 120 characters, or a line break in it
 * - InvalidAddress: not an email address
 * - AddressTaken: a person or a mailbox signs in with it already, or it lies on a domain that a customer proved: they give its addresses
 * - and what checkNewPassword says
 */
export type CreateCustomerCode = 'InvalidName' | 'InvalidAddress' | 'AddressTaken' | NewPasswordProblem;

type Opened = { customerId: CustomerId; email: string };

/** Opens an account: the customer and its owner. */
export const createCustomer = (database: Database, input: NewCustomer): Promise<Result<Opened, CreateCustomerCode>> =>
  openAccount<never>(database, input, async () => null);

/** The same for a stranger. TooManyAttempts: as many came from this network as may within the hour. */
export const signUp = (database: Database, input: NewCustomer): Promise<Result<Opened, CreateCustomerCode | 'TooManyAttempts'>> =>
  openAccount(database, input, async (transaction) =>
    (await maySignUpNow(transaction, input.remote ?? 'unknown')) ? null : 'TooManyAttempts',
  );

async function openAccount<Refusal extends string = never>(
  database: Database,
  input: NewCustomer,
  inTheWay: (transaction: Transaction) => Promise<Refusal | null>,
): Promise<Result<Opened, CreateCustomerCode | Refusal>> {
  const name = customerName.safeParse(input.name);
  if (!name.success) return refused('InvalidName');
  const email = parseEmailAddress(input.email);
  if (!email) return refused('InvalidAddress');
  const problem = checkNewPassword(input.password, { address: email });
  if (problem) return refused(problem);
  if (await isGivenByOthers(database, email, input.ownHosts ?? [])) return refused('AddressTaken');
  const passwordHash = await hashPassword(input.password);
  return database.$transaction(async (transaction): Promise<Result<Opened, CreateCustomerCode | Refusal>> => {
    // two who sign up with one address at the same time
    await transaction.$queryRaw`select 1 from (select pg_advisory_xact_lock(hashtextextended('login ' || ${email}, 0))) l`;
    const refusal = await inTheWay(transaction);
    if (refusal) return refused(refusal);
    if (await transaction.user.findFirst({ where: { email }, select: { id: true } })) return refused('AddressTaken');
    const customer = await transaction.customer.create({ data: { name: name.data } });
    const user = await transaction.user.create({
      data: { customerId: customer.id, email, name: '', role: 'owner', locale: input.locale, passwordHash },
    });
    const id = customerId(customer.id);
    await recordAudit(transaction, {
      customerId: id,
      actor: input.actor ?? `user:${Number(user.id)}`,
      remote: input.remote,
      action: 'customer.created',
      subject: name.data,
      details: { email },
    });
    return done({ customerId: id, email });
  });
}

/** Addresses that are somebody's to give: a mailbox's or an alias, those of a proved domain and of the names below it, the installation's own. */
async function isGivenByOthers(database: Database, email: EmailAddress, ownHosts: readonly string[]): Promise<boolean> {
  const domain = domainOf(email);
  if (ownHosts.some((host) => domain === host || domain.endsWith(`.${host}`))) return true;
  if (await database.mailbox.findUnique({ where: { address: email }, select: { id: true } })) return true;
  if (await database.address.findUnique({ where: { address: email }, select: { id: true } })) return true;
  return (await ownerOfName(database, domain)) !== null;
}
