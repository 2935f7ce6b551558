'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import type { FormState } from '#components/ui/form-state.ts';
import type { FieldError } from '#components/ui/field.tsx';
import { requireMailboxScope, requireOwnScope, requireSession, stayedSignedIn } from '#lib/auth/session.ts';
import { endOtherSessions, endOwnSession } from '#lib/auth/web-session/end-sessions.ts';
import { database } from '#lib/db/prisma.ts';
import { createAppPassword } from '#lib/provisioning/mailboxes/create-app-password.ts';
import { idOf } from '#lib/provisioning/parse-id.ts';
import { renameMailbox } from '#lib/provisioning/mailboxes/rename-mailbox.ts';
import { revokeAppPassword } from '#lib/provisioning/mailboxes/revoke-app-password.ts';
import { setMailboxPassword } from '#lib/provisioning/mailboxes/set-mailbox-password.ts';
import { setPersonPassword } from '#lib/provisioning/customers/set-person-password.ts';
import { whyRefused } from '../panel/explain.ts';
import { formAnswer } from '../panel/form-answer.ts';
import { proveAgain } from '../panel/prove-again.ts';
import { formField } from '../../form-field.ts';

/** A way in that lasts: the present password is asked for again. */
export async function createOwnAppPasswordAction(_: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireMailboxScope();
  const label = formField(form, 'label');
  const answer = await formAnswer(
    async () => (await proveAgain(form)) ?? createAppPassword(database(), scope, scope.mailboxId, label),
    ({ password }) => ({ secret: password, label: label.trim() }),
  );
  revalidatePath('/account');
  return { label, ...answer };
}

export async function renameOwnMailboxAction(_: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireMailboxScope();
  const answer = await formAnswer(() => renameMailbox(database(), scope, scope.mailboxId, formField(form, 'name')));
  // the frame shows the name too
  revalidatePath('/', 'layout');
  return answer;
}

export async function revokeOwnAppPasswordAction(id: number): Promise<FieldError | null> {
  const { scope } = await requireMailboxScope();
  const result = await revokeAppPassword(database(), scope, scope.mailboxId, idOf(id));
  revalidatePath('/account');
  return whyRefused(result);
}

/** The present password is asked for (and throttled like a sign-in), and this browser stays signed in, all others are signed out. */
export async function changeOwnPasswordAction(_: FormState, form: FormData): Promise<FormState> {
  const { scope, address } = await requireOwnScope();
  const password = formField(form, 'password', 2000);
  const answer = await formAnswer(async () => {
    const failed = await proveAgain(form, { recent: false });
    if (failed) return failed;
    return 'userId' in scope
      ? setPersonPassword(database(), scope, scope.userId, password)
      : setMailboxPassword(database(), scope, scope.mailboxId, password);
  });
  if (!answer.done) return answer;
  const signedIn = await stayedSignedIn(address, password, { proved: false });
  // a page rendered in this same request would still read the old cookie
  redirect(signedIn ? '/account?changed=password' : '/sign-in?done=password&next=/account');
}

/** Ends one of one's own sign-ins to the web. False: there is none of this number. */
export async function endSessionAction(id: number): Promise<boolean> {
  const ended = await endOwnSession(database(), await requireSession(), idOf(id));
  revalidatePath('/account');
  return ended;
}

/** Ends all sign-ins to the web but this one, and says how many. */
export async function endOtherSessionsAction(): Promise<number> {
  const ended = await endOtherSessions(database(), await requireSession());
  revalidatePath('/account');
  return ended;
}
