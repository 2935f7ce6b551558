'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { getLocale } from 'next-intl/server';
import type { CreateMailboxState } from '#components/admin/mailboxes/create-mailbox-form.tsx';
import type { MailboxAction } from '#components/admin/mailboxes/mailbox-action.ts';
import type { FieldError } from '#components/ui/field.tsx';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { PasswordHashingBusy } from '#lib/auth/password-hash.ts';
import { requireCustomerScope, stayedSignedIn } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { languageOf } from '#lib/i18n/locales.ts';
import { createMailbox } from '#lib/provisioning/mailboxes/create-mailbox.ts';
import { deleteMailbox } from '#lib/provisioning/mailboxes/delete-mailbox.ts';
import { idOf, parseId } from '#lib/provisioning/parse-id.ts';
import { purgeMailbox } from '#lib/provisioning/mailboxes/purge-mailbox.ts';
import { restoreMailbox } from '#lib/provisioning/mailboxes/restore-mailbox.ts';
import { suspendMailbox } from '#lib/provisioning/mailboxes/suspend-mailbox.ts';
import { explain, whyRefused } from '../explain.ts';
import { formField } from '../../../form-field.ts';

export async function createMailboxAction(_: CreateMailboxState, form: FormData): Promise<CreateMailboxState> {
  const { scope, person } = await requireCustomerScope();
  const localPart = formField(form, 'localPart', 100);
  const password = formField(form, 'passwordKind') === 'own' ? formField(form, 'password', 2000) : null;
  try {
    const locale = languageOf(await getLocale());
    const input = {
      localPart,
      domain: formField(form, 'domain'),
      password,
      quotaBytes: Number(formField(form, 'quota')),
      name: '',
      locale,
    };
    const result = await createMailbox(database(), scope, input);
    if (!result.ok) return { error: await explain(result.code), localPart, created: null };
    // one's own sign-in has another password now, which ended it
    if (password !== null && result.value.userId === person.userId) await stayedSignedIn(result.value.address, password, { proved: true });
    revalidatePath('/panel/mailboxes');
    return { error: null, localPart: '', created: { ...result.value, address: displayAddress(result.value.address) } };
  } catch (error) {
    if (error instanceof PasswordHashingBusy) return { error: await explain('Busy'), localPart, created: null };
    throw error;
  }
}

/** Deletes a deleted mailbox for good, and leads to the list. Answers what is in the way. */
export async function purgeMailboxAction(id: number): Promise<FieldError> {
  const { scope } = await requireCustomerScope();
  const result = await purgeMailbox(database(), scope, idOf(id));
  if (!result.ok) return explain(result.code);
  revalidatePath('/panel/mailboxes', 'layout');
  redirect('/panel/mailboxes');
}

/** Suspends, resumes, deletes or restores. null: done. */
export async function changeMailboxAction(id: number, action: MailboxAction): Promise<FieldError | null> {
  const { scope } = await requireCustomerScope();
  const mailboxId = parseId(id);
  if (mailboxId === null) return explain('UnknownMailbox');
  const change = {
    suspend: () => suspendMailbox(database(), scope, mailboxId, true),
    resume: () => suspendMailbox(database(), scope, mailboxId, false),
    delete: () => deleteMailbox(database(), scope, mailboxId),
    restore: () => restoreMailbox(database(), scope, mailboxId),
  };
  if (!Object.hasOwn(change, action)) return explain('UnknownMailbox');
  const result = await change[action]();
  revalidatePath('/panel/mailboxes', 'layout');
  return whyRefused(result);
}
