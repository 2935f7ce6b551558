'use server';

import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import type { SignInState } from '#components/door/sign-in-form.tsx';
import type { SignInFailure } from '#lib/auth/sign-in-identity.ts';
import { beginCurrentSession, endCurrentSession } from '#lib/auth/session.ts';
import { SignInRefused } from '#lib/auth/session/next-auth.ts';
import { ownPath } from '#lib/auth/own-path.ts';
import { installation } from '#lib/config/installation.ts';
import { formField } from '../form-field.ts';

const codes: Record<SignInFailure, string> = {
  InvalidCredentials: 'PA-LOGIN-1',
  TooManyAttempts: 'PA-LOGIN-2',
  Suspended: 'PA-LOGIN-3',
  Unavailable: 'PA-LOGIN-4',
};

export async function signInAction(_: SignInState, form: FormData): Promise<SignInState> {
  const address = formField(form, 'address', 320);
  const password = formField(form, 'password', 10_000);
  try {
    await beginCurrentSession(address, password, { proved: true });
  } catch (error) {
    if (!(error instanceof SignInRefused)) throw error;
    const { failures, waitS } = installation().login;
    const text = await getTranslations('auth');
    const sentence = text(`errors.${error.failure}`, { failures, minutes: Math.ceil(waitS / 60) });
    return { error: { text: sentence, code: codes[error.failure] }, address };
  }
  redirect(ownPath(formField(form, 'next')));
}

/** The page that asked then leaves by itself, with all it held (components/shell/leave.ts): a redirect from here would keep its script alive. */
export async function signOutAction(): Promise<void> {
  await endCurrentSession();
}
