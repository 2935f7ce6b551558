'use server';

import { revalidatePath } from 'next/cache';
import { requireOperatorScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { parseId } from '#lib/provisioning/own-mailbox.ts';
import { suspendCustomer } from '#lib/provisioning/suspend-customer.ts';

export async function suspendCustomerAction(id: number, suspended: boolean): Promise<void> {
  const { scope } = await requireOperatorScope();
  await suspendCustomer(database(), scope, parseId(id) ?? 0, suspended === true);
  revalidatePath('/panel/customers');
}
