'use server';

import { revalidatePath } from 'next/cache';
import { getLocale } from 'next-intl/server';
import type { FormState } from '#components/ui/form-state.ts';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { requireOperatorScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { randomPassword } from '#lib/auth/random-password.ts';
import { installationHost } from '#lib/dns/installation-host.ts';
import { languageOf } from '#lib/i18n/locales.ts';
import { createCustomer } from '#lib/provisioning/customers/create-customer.ts';
import { idOf } from '#lib/provisioning/parse-id.ts';
import { gigabyte } from '#lib/provisioning/mailboxes/quota-choices.ts';
import { releaseSending } from '#lib/provisioning/mailboxes/release-sending.ts';
import { setCustomerLimits } from '#lib/provisioning/customers/set-customer-limits.ts';
import { setPersonPassword } from '#lib/provisioning/customers/set-person-password.ts';
import { suspendCustomer } from '#lib/provisioning/customers/suspend-customer.ts';
import { formAnswer } from '../form-answer.ts';
import { formField } from '../../../form-field.ts';

/** A new password for somebody who forgot theirs and whom nobody of the customer can help. Shown once. */
export async function newOwnerPasswordAction(userId: number): Promise<FormState> {
  const { scope } = await requireOperatorScope();
  const answer = await formAnswer(
    () => setPersonPassword(database(), scope, idOf(userId), null),
    ({ password }) => ({ secret: password }),
  );
  return answer;
}

export async function releaseSendingAction(mailboxId: number): Promise<FormState> {
  const { scope } = await requireOperatorScope();
  const answer = await formAnswer(() => releaseSending(database(), scope, idOf(mailboxId)));
  revalidatePath('/panel/customers');
  return answer;
}

export async function suspendCustomerAction(id: number, suspended: boolean): Promise<void> {
  const { scope } = await requireOperatorScope();
  await suspendCustomer(database(), scope, idOf(id), suspended === true);
  revalidatePath('/panel/customers');
}

/** An empty field: as for everybody. Anything but digits is no number, and refused as one. */
const numberIn = (form: FormData, name: string, unit = 1): number | null => {
  const text = formField(form, name, 20).trim();
  return text === '' ? null : /^\d{1,7}$/.test(text) ? Number(text) * unit : Number.NaN;
};

export async function setLimitsAction(id: number, _: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireOperatorScope();
  const { error, ...answer } = await formAnswer(() =>
    setCustomerLimits(database(), scope, idOf(id), {
      domains: numberIn(form, 'domains'),
      mailboxes: numberIn(form, 'mailboxes'),
      storageBytes: numberIn(form, 'storageGb', gigabyte),
      aliases: numberIn(form, 'aliases'),
      appPasswords: numberIn(form, 'appPasswords'),
      messagesPerHour: numberIn(form, 'messagesPerHour'),
    }),
  );
  revalidatePath('/panel/customers');
  const noNumber = [...form.keys()].find((name) => Number.isNaN(numberIn(form, name)));
  return { ...answer, error: error && { ...error, field: noNumber } };
}

/** Opens an account; where signing up is closed this is the only way. */
export async function createCustomerAction(_: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireOperatorScope();
  const password = randomPassword();
  const { host, webHost } = installationHost();
  const locale = languageOf(await getLocale());
  const input = { name: formField(form, 'name'), email: formField(form, 'address', 320), password, locale, remote: scope.remote };
  const answer = await formAnswer(
    () => createCustomer(database(), { ...input, ownHosts: [host, webHost], actor: scope.actor }),
    ({ email }) => ({ secret: password, label: displayAddress(email) }),
  );
  revalidatePath('/panel/customers');
  return answer;
}
