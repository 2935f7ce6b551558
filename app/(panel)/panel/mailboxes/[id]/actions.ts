'use server';

import { revalidatePath } from 'next/cache';
import type { FormState } from '#components/ui/form-state.ts';
import type { FieldError } from '#components/ui/field.tsx';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { addAlias } from '#lib/provisioning/addresses/add-alias.ts';
import { createAppPassword } from '#lib/provisioning/mailboxes/create-app-password.ts';
import { idOf } from '#lib/provisioning/parse-id.ts';
import { releaseSending } from '#lib/provisioning/mailboxes/release-sending.ts';
import { removeAlias } from '#lib/provisioning/addresses/remove-alias.ts';
import { refused } from '#lib/provisioning/result.ts';
import { revokeAppPassword } from '#lib/provisioning/mailboxes/revoke-app-password.ts';
import { setMailboxPassword } from '#lib/provisioning/mailboxes/set-mailbox-password.ts';
import { setSpamFilter } from '#lib/provisioning/rules/set-spam-filter.ts';
import { setRole } from '#lib/provisioning/customers/set-role.ts';
import { saveMailboxDetails } from '#lib/provisioning/mailboxes/save-mailbox-details.ts';
import { whyRefused } from '../../explain.ts';
import { formAnswer } from '../../form-answer.ts';
import { proveAgain } from '../../prove-again.ts';
import { formField } from '../../../../form-field.ts';

const refresh = () => revalidatePath('/panel/mailboxes', 'layout');

export async function saveDetailsAction(id: number, _: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const given = { name: formField(form, 'name'), quotaBytes: Number(formField(form, 'quota')) };
  const answer = await formAnswer(() => saveMailboxDetails(database(), scope, idOf(id), given));
  refresh();
  return answer;
}

export async function setPasswordAction(id: number, _: FormState, form: FormData): Promise<FormState> {
  const { scope, person } = await requireCustomerScope();
  const given = formField(form, 'password', 2000) || null;
  // one's own is changed where the present one is asked for
  if (person.mailboxId === idOf(id)) return formAnswer(async () => refused('OwnMailbox'));
  const answer = await formAnswer(
    () => setMailboxPassword(database(), scope, idOf(id), given),
    ({ password }) => ({ secret: password }),
  );
  return answer;
}

export async function releaseSendingAction(id: number): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const answer = await formAnswer(() => releaseSending(database(), scope, idOf(id)));
  refresh();
  return answer;
}

export async function setSpamFilterAction(id: number, _: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const chosen = formField(form, 'spamFilter');
  if (chosen !== 'normal' && chosen !== 'strict' && chosen !== 'off') return formAnswer(async () => refused('UnknownMailbox'));
  const answer = await formAnswer(() => setSpamFilter(database(), scope, idOf(id), chosen));
  refresh();
  return answer;
}

export async function setRoleAction(id: number, _: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const role = formField(form, 'role');
  if (role !== 'owner' && role !== 'administrator' && role !== 'none') return formAnswer(async () => refused('UnknownMailbox'));
  const answer = await formAnswer(() => setRole(database(), scope, idOf(id), role));
  refresh();
  return answer;
}

export async function addAliasAction(id: number, _: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const input = { localPart: formField(form, 'localPart'), domain: formField(form, 'domain') };
  const answer = await formAnswer(() => addAlias(database(), scope, idOf(id), input));
  refresh();
  return answer;
}

export async function removeAliasAction(id: number, address: string): Promise<FieldError | null> {
  const { scope } = await requireCustomerScope();
  const result = await removeAlias(database(), scope, idOf(id), String(address).replaceAll('\0', ''));
  refresh();
  return whyRefused(result);
}

/** A way into somebody's mail that lasts: the caller's own password is asked for again. */
export async function createAppPasswordAction(id: number, _: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const label = formField(form, 'label');
  const answer = await formAnswer(
    async () => (await proveAgain(form)) ?? createAppPassword(database(), scope, idOf(id), label),
    ({ password }) => ({ secret: password, label: label.trim() }),
  );
  refresh();
  return { label, ...answer };
}

export async function revokeAppPasswordAction(id: number, appPasswordId: number): Promise<FieldError | null> {
  const { scope } = await requireCustomerScope();
  const result = await revokeAppPassword(database(), scope, idOf(id), idOf(appPasswordId));
  refresh();
  return whyRefused(result);
}
