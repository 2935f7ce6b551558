'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import type { FormState } from '#components/admin/form-state.ts';
import type { FieldError } from '#components/ui/field.tsx';
import { forgetIdentities } from '#lib/auth/current-identity.ts';
import { checkSignIn } from '#lib/auth/check-sign-in.ts';
import { requireMailboxScope, requireOwnScope } from '#lib/auth/session.ts';
import { signIn } from '#lib/auth/session/next-auth.ts';
import { installation } from '#lib/config/installation.ts';
import { database } from '#lib/db/prisma.ts';
import { createAppPassword } from '#lib/provisioning/create-app-password.ts';
import { parseId } from '#lib/provisioning/own-mailbox.ts';
import { renameMailbox } from '#lib/provisioning/rename-mailbox.ts';
import { refused } from '#lib/provisioning/result.ts';
import { revokeAppPassword } from '#lib/provisioning/revoke-app-password.ts';
import { setMailboxPassword } from '#lib/provisioning/set-mailbox-password.ts';
import { setPersonPassword } from '#lib/provisioning/set-person-password.ts';
import { explain } from '../panel/explain.ts';
import { formAnswer } from '../panel/form-answer.ts';
import { formField } from '../panel/form-field.ts';

export async function createOwnAppPasswordAction(_: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireMailboxScope();
  const label = formField(form, 'label');
  const answer = await formAnswer(
    () => createAppPassword(database(), scope, scope.mailboxId, label),
    ({ password }) => ({ secret: password, label: label.trim() }),
  );
  revalidatePath('/account');
  return answer;
}

export async function renameOwnMailboxAction(_: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireMailboxScope();
  const answer = await formAnswer(() => renameMailbox(database(), scope, scope.mailboxId, formField(form, 'name')));
  // the frame shows the name too
  forgetIdentities();
  revalidatePath('/', 'layout');
  return answer;
}

export async function revokeOwnAppPasswordAction(id: number): Promise<FieldError | null> {
  const { scope } = await requireMailboxScope();
  const result = await revokeAppPassword(database(), scope, scope.mailboxId, parseId(id) ?? 0);
  revalidatePath('/account');
  return result.ok ? null : explain(result.code);
}

/** The present password is asked for (and throttled like a sign-in), and this browser stays signed in. */
export async function changeOwnPasswordAction(_: FormState, form: FormData): Promise<FormState> {
  const { scope, address } = await requireOwnScope();
  const password = String(form.get('password') ?? '').slice(0, 2000);
  const current = String(form.get('current') ?? '');
  const answer = await formAnswer(async () => {
    const { loginFailures: failures, loginWaitS: waitS, secret } = installation();
    const attempt = { address, password: current, remoteAddress: scope.remote ?? 'unknown' };
    const proof = await checkSignIn(database(), attempt, { failures, waitS, secret });
    const mine = proof.ok && ('userId' in scope ? proof.identity.userId === scope.userId : proof.identity.mailboxId === scope.mailboxId);
    if (!mine) return refused(!proof.ok && proof.failure === 'Unavailable' ? 'Busy' : 'WrongPassword');
    return 'userId' in scope
      ? setPersonPassword(database(), scope, scope.userId, password)
      : setMailboxPassword(database(), scope, scope.mailboxId, password);
  });
  if (!answer.done) return answer;
  await signIn('credentials', { address, password, redirect: false });
  // a page rendered in this same request would still read the old cookie
  redirect('/account?changed=password');
}
