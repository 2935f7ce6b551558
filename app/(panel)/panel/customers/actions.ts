'use server';

import { revalidatePath } from 'next/cache';
import type { FormState } from '#components/admin/form-state.ts';
import { requireOperatorScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { parseId } from '#lib/provisioning/own-mailbox.ts';
import { setPersonPassword } from '#lib/provisioning/set-person-password.ts';
import { suspendCustomer } from '#lib/provisioning/suspend-customer.ts';
import { formAnswer } from '../form-answer.ts';

/** A new password for somebody who forgot theirs and whom nobody of the customer can help. Shown once. */
export async function newOwnerPasswordAction(userId: number): Promise<FormState> {
  const { scope } = await requireOperatorScope();
  const answer = await formAnswer(
    () => setPersonPassword(database(), scope, parseId(userId) ?? 0, null),
    ({ password }) => ({ secret: password }),
  );
  return answer;
}

export async function suspendCustomerAction(id: number, suspended: boolean): Promise<void> {
  const { scope } = await requireOperatorScope();
  await suspendCustomer(database(), scope, parseId(id) ?? 0, suspended === true);
  revalidatePath('/panel/customers');
}
