'use server';

import { revalidatePath } from 'next/cache';
import { getTranslations } from 'next-intl/server';
import { nothingYet, type FormState } from '#components/ui/form-state.ts';
import { requireMailbox, requireMailboxScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { isLanguage } from '#lib/i18n/locales.ts';
import { setPreference } from '#lib/i18n/preferences.ts';
import { refused } from '#lib/provisioning/result.ts';
import { setSpamFilter } from '#lib/provisioning/rules/set-spam-filter.ts';
import { saveIdentity } from '#lib/webmail/writing/identities.ts';
import { MailError } from '#lib/webmail/connection/mail-error.ts';
import { identityRequest, parseRequest, settingsRequest } from '#lib/webmail/mail-requests.ts';
import { saveSettings } from '#lib/webmail/mailbox-settings.ts';
import { writtenAsHtml } from '#lib/webmail/writing/quote-text.ts';
import { formAnswer } from '../panel/form-answer.ts';
import { formField } from '../../form-field.ts';

/** Runs an operation of the webmail; an expected failure is said at the form. */
async function answer(operation: () => Promise<void>): Promise<FormState> {
  const at = Date.now();
  try {
    await operation();
    revalidatePath('/', 'layout');
    return { error: null, done: true, at };
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    const text = await getTranslations('mail.errors');
    return { error: { text: text(`${error.code}.detail`, { detail: error.detail }) }, done: false, at };
  }
}

export async function saveSettingsAction(_: FormState, form: FormData): Promise<FormState> {
  const signedIn = await requireMailbox();
  const language = formField(form, 'language');
  return answer(async () => {
    const given = parseRequest(settingsRequest, {
      timeZone: formField(form, 'timeZone'),
      defaultFrom: formField(form, 'defaultFrom'),
      undoSeconds: Number(formField(form, 'undoSeconds')),
      shortcuts: formField(form, 'shortcuts') === 'on',
      plainText: formField(form, 'plainText') === 'on',
      pictures: formField(form, 'pictures'),
      darkLetters: formField(form, 'darkLetters') === 'on',
    });
    await saveSettings(
      { mailboxId: signedIn.accountId },
      Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    );
    await Promise.all([
      setPreference('locale', language),
      setPreference('density', formField(form, 'density')),
      // Replies that the server writes by itself speak this language too.
      isLanguage(language) ? database().mailbox.update({ where: { id: signedIn.accountId }, data: { locale: language } }) : null,
    ]);
  });
}

export async function saveIdentityAction(_: FormState = nothingYet, form: FormData = new FormData()): Promise<FormState> {
  const signedIn = await requireMailbox();
  return answer(async () => {
    const signature = formField(form, 'signature', 20_000);
    const given = parseRequest(identityRequest, {
      address: formField(form, 'address'),
      name: formField(form, 'name'),
      replyTo: formField(form, 'replyTo'),
      signature: signature.trim() === '' ? '' : writtenAsHtml(signature),
    });
    await saveIdentity({ ...signedIn, mailboxId: signedIn.accountId }, given);
  });
}

export async function saveSpamFilterAction(_: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireMailboxScope();
  const chosen = formField(form, 'spamFilter');
  if (chosen !== 'normal' && chosen !== 'strict' && chosen !== 'off') return formAnswer(async () => refused('UnknownMailbox'));
  const result = await formAnswer(() => setSpamFilter(database(), scope, scope.mailboxId, chosen));
  revalidatePath('/mail-settings');
  return result;
}
