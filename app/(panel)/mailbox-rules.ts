import { getTranslations } from 'next-intl/server';
import type { FormState } from '#components/ui/form-state.ts';
import type { FieldError } from '#components/ui/field.tsx';
import { database } from '#lib/db/prisma.ts';
import { addMailboxForward } from '#lib/provisioning/rules/add-mailbox-forward.ts';
import type { EitherScope } from '#lib/provisioning/mailboxes/own-mailbox.ts';
import { refused, type Result } from '#lib/provisioning/result.ts';
import { ruleSupportCodes, type RuleCode } from '#lib/provisioning/rules/rule-codes.ts';
import { setAbsence } from '#lib/provisioning/rules/set-absence.ts';
import { MailError } from '#lib/webmail/connection/mail-error.ts';
import { sendForwardCode } from '#lib/webmail/sending/send-forward-code.ts';
import { formField } from '../form-field.ts';
import { absencePeriod } from './absence-period.ts';
import { wrongFields } from './wrong-fields.ts';

/** What a mailbox's owner sets for themselves and an administrator for them: the same steps, from forms that look the same. */

export async function explainRule(code: RuleCode): Promise<FieldError> {
  const text = await getTranslations('rules.errors');
  return { text: text(code), code: ruleSupportCodes[code], field: wrongFields[code] };
}

export async function ruleAnswer(operation: Promise<Result<unknown, RuleCode>>): Promise<FormState> {
  const at = Date.now();
  const result = await operation;
  return result.ok ? { error: null, done: true, at } : { error: await explainRule(result.code), done: false, at };
}

const isZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
};

export function absenceFrom(scope: EitherScope, mailboxId: number, form: FormData): Promise<FormState> {
  const given = formField(form, 'zone');
  const zone = isZone(given) ? given : 'Europe/Vienna';
  const period = absencePeriod(formField(form, 'from'), formField(form, 'until'), zone);
  if (!period) return ruleAnswer(Promise.resolve(refused('InvalidDay')));
  return ruleAnswer(
    setAbsence(database(), scope, mailboxId, {
      enabled: formField(form, 'enabled') === 'on',
      ...period,
      subject: formField(form, 'subject', 1_000),
      text: formField(form, 'text', 20_000),
      onlyContacts: formField(form, 'onlyContacts') === 'on',
      everyDays: Number(formField(form, 'everyDays')),
    }),
  );
}

/** Adds a forward and, where its receiver has to agree, asks them. A second time for the same address sends a new code. */
export function forwardFrom(scope: EitherScope, mailboxId: number, target: string, keep: boolean): Promise<FormState> {
  return ruleAnswer(
    (async (): Promise<Result<unknown, RuleCode>> => {
      const added = await addMailboxForward(database(), scope, mailboxId, { target, keep });
      if (!added.ok || added.value.code === null) return added;
      try {
        await sendForwardCode(mailboxId, added.value);
        return added;
      } catch (error) {
        if (!(error instanceof MailError)) throw error;
        return refused('CodeNotSent');
      }
    })(),
  );
}
