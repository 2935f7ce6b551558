'use server';

import { redirect } from 'next/navigation';
import { getLocale, getTranslations } from 'next-intl/server';
import type { SignUpState } from '#components/door/sign-up-form.tsx';
import { PasswordHashingBusy } from '#lib/auth/password-hash.ts';
import { stayedSignedIn } from '#lib/auth/session.ts';
import { remoteAddress } from '#lib/auth/session/remote-address.ts';
import { webThrottle } from '#lib/auth/web-throttle.ts';
import { installation } from '#lib/config/installation.ts';
import { askedAtSignUp, maySignUp } from '#lib/auth/sign-up-limit.ts';
import { database } from '#lib/db/prisma.ts';
import { installationHost } from '#lib/dns/installation-host.ts';
import { webLog } from '#lib/http/web-log.ts';
import { languageOf } from '#lib/i18n/locales.ts';
import { supportCodes } from '#lib/provisioning/error-codes.ts';
import { signUp, type CreateCustomerCode } from '#lib/provisioning/customers/create-customer.ts';
import { formField } from '../form-field.ts';

export async function signUpAction(_: SignUpState, form: FormData): Promise<SignUpState> {
  const customer = formField(form, 'customer', 200);
  const address = formField(form, 'address', 320);
  const password = formField(form, 'password', 2000);
  const code = await open(customer, address, password).catch(unavailable);
  if (code === null) {
    const signedIn = await stayedSignedIn(address, password, { proved: true });
    redirect(signedIn ? '/panel/domains/new' : '/sign-in?done=account&next=/panel/domains/new');
  }
  return { errors: await explain(code), customer, address };
}

type Code = CreateCustomerCode | 'TooManyAttempts' | 'Unavailable' | 'Closed';

async function open(name: string, email: string, password: string): Promise<Code | null> {
  const remote = await remoteAddress();
  const { login, signUpOpen } = installation();
  if (!signUpOpen) return 'Closed';
  const throttle = webThrottle(database(), login);
  const attempt = askedAtSignUp(remote);
  if ((await throttle.check(attempt)).waitS > 0 || !(await maySignUp(database(), remote))) return 'TooManyAttempts';
  const { host, webHost } = installationHost();
  const ownHosts = [host, webHost];
  const locale = languageOf(await getLocale());
  const result = await signUp(database(), { name, email, password, locale, remote, ownHosts });
  if (!result.ok && result.code === 'AddressTaken') await throttle.fail(attempt);
  return result.ok ? null : result.code;
}

/** Mostly a database that is away: who signs up is told to come again, and keeps what was typed. */
function unavailable(error: unknown): Code {
  if (!(error instanceof PasswordHashingBusy)) webLog().error({ err: error }, 'a sign-up could not be decided');
  return 'Unavailable';
}

async function explain(code: Code): Promise<SignUpState['errors']> {
  const text = await getTranslations('auth');
  const panel = await getTranslations('panel');
  switch (code) {
    case 'InvalidName':
      return { customer: { text: text('signUpErrors.InvalidName'), code: 'PA-SIGNUP-1' } };
    case 'InvalidAddress':
      return { address: { text: text('signUpErrors.InvalidAddress'), code: 'PA-ADR-1' } };
    case 'AddressTaken':
      return { address: { text: text('signUpErrors.AddressTaken'), code: 'PA-SIGNUP-2' } };
    case 'TooManyAttempts':
      return { customer: { text: text('signUpErrors.TooManyAttempts'), code: 'PA-SIGNUP-3' } };
    case 'Closed':
      return { customer: { text: text('signUpErrors.Closed'), code: 'PA-SIGNUP-4' } };
    case 'Unavailable':
      return { customer: { text: text('signUpErrors.Unavailable'), code: 'PA-LOGIN-4' } };
    default:
      return { password: { text: panel(`errors.${code}`), code: supportCodes[code] } };
  }
}
