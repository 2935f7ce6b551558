import { checkNewPassword, type NewPasswordProblem } from '../../auth/check-new-password.ts';
import type { OperatorScope, PersonScope } from '../../auth/customer-scope.ts';
import { hashPassword } from '../../auth/password-hash.ts';
import { randomPassword } from '../../auth/random-password.ts';
import { customerId } from '../../db/ids.ts';
import type { Database } from '../../db/prisma.ts';
import { holdCustomer } from './customer-limits.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

/** UnknownPerson: none, or not the caller's to change; and what checkNewPassword says. */
export type SetPersonPasswordCode = 'UnknownPerson' | NewPasswordProblem;

/**
 * Sets the password of somebody who signs in to the panel (null: makes one and answers it): their own, or, by the operator, that of a
 * person of any customer. It is the mailbox's where the person has one. All other sign-ins end.
 */
export async function setPersonPassword(
  database: Database,
  scope: PersonScope | OperatorScope,
  userId: number,
  given: string | null,
): Promise<Result<{ password: string | null }, SetPersonPasswordCode>> {
  const person = await database.user.findUnique({ where: { id: userId } });
  const allowed = person && ('userId' in scope ? scope.userId === userId : person.role !== 'operator');
  if (!allowed) return refused('UnknownPerson');
  const problem = given === null ? null : checkNewPassword(given, { address: person.email });
  if (problem) return refused(problem);
  const password = given ?? randomPassword();
  const passwordHash = await hashPassword(password);
  return database.$transaction(async (transaction): Promise<Result<{ password: string | null }, SetPersonPasswordCode>> => {
    // A mailbox may be made with the person's address at this moment, and take their password over; or they lose theirs, and the panel with
    // it: a password of their own would let them in again.
    if (person.customerId !== null) await holdCustomer(transaction, customerId(person.customerId));
    const user = await transaction.user.findUnique({ where: { id: userId } });
    if (!user || (person.mailboxId !== null && user.mailboxId === null)) return refused('UnknownPerson');
    const credentials = { passwordHash, credentialVersion: { increment: 1 } };
    if (user.mailboxId === null) await transaction.user.update({ where: { id: user.id }, data: credentials });
    else {
      await transaction.mailbox.update({ where: { id: user.mailboxId }, data: credentials });
      // who signed in before they had this mailbox carries the person's version in the cookie
      await transaction.user.update({ where: { id: user.id }, data: { credentialVersion: { increment: 1 } } });
    }
    await recordAudit(transaction, {
      customerId: user.customerId === null ? null : customerId(user.customerId),
      actor: scope.actor,
      remote: scope.remote,
      action: 'person.password-set',
      subject: user.email,
    });
    return done({ password: given === null ? password : null });
  });
}
