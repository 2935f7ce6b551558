import { z } from 'zod';
import { parseEmailAddress } from '../addresses/email-address.ts';
import { checkNewPassword, type NewPasswordProblem } from '../auth/check-new-password.ts';
import { hashPassword } from '../auth/password-hash.ts';
import { customerId, type CustomerId } from '../db/ids.ts';
import type { Database } from '../db/prisma.ts';
import { recordAudit } from './record-audit.ts';
import { done, refused, type Result } from './result.ts';
import { isUniqueViolation } from './unique-violation.ts';

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
}

/**
 * - InvalidName: empty, longer than 120 characters, or a line break in it
 * - InvalidAddress: not an email address
 * - AddressTaken: a person or a mailbox signs in with it already
 * - and what checkNewPassword says
 */
export type CreateCustomerCode = 'InvalidName' | 'InvalidAddress' | 'AddressTaken' | NewPasswordProblem;

/** Opens an account: the customer and its owner. */
export async function createCustomer(
  database: Database,
  input: NewCustomer,
): Promise<Result<{ customerId: CustomerId; email: string }, CreateCustomerCode>> {
  const name = customerName.safeParse(input.name);
  if (!name.success) return refused('InvalidName');
  const email = parseEmailAddress(input.email);
  if (!email) return refused('InvalidAddress');
  const problem = checkNewPassword(input.password, { address: email });
  if (problem) return refused(problem);
  if (await database.mailbox.findUnique({ where: { address: email }, select: { id: true } })) return refused('AddressTaken');
  const passwordHash = await hashPassword(input.password);
  try {
    return await database.$transaction(async (transaction) => {
      const customer = await transaction.customer.create({ data: { name: name.data } });
      const user = await transaction.user.create({
        data: { customerId: customer.id, email, name: '', role: 'owner', locale: input.locale, passwordHash },
      });
      const id = customerId(customer.id);
      await recordAudit(transaction, {
        customerId: id,
        actor: `user:${Number(user.id)}`,
        remote: input.remote,
        action: 'customer.created',
        subject: name.data,
        details: { email },
      });
      return done({ customerId: id, email });
    });
  } catch (error) {
    if (isUniqueViolation(error)) return refused('AddressTaken');
    throw error;
  }
}
