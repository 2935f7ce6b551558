'use server';

import { revalidatePath } from 'next/cache';
import type { FormState } from '#components/ui/form-state.ts';
import type { FieldError } from '#components/ui/field.tsx';
import { requireMailboxScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { confirmMailboxForward } from '#lib/provisioning/rules/confirm-mailbox-forward.ts';
import { keepForwarded } from '#lib/provisioning/rules/keep-forwarded.ts';
import { idOf } from '#lib/provisioning/parse-id.ts';
import { removeMailboxForward } from '#lib/provisioning/rules/remove-mailbox-forward.ts';
import type { Result } from '#lib/provisioning/result.ts';
import { resumeMailboxForward } from '#lib/provisioning/rules/resume-mailbox-forward.ts';
import type { RuleCode } from '#lib/provisioning/rules/rule-codes.ts';
import { setSenderRule } from '#lib/provisioning/rules/set-sender-rule.ts';
import { absenceFrom, explainRule, forwardFrom, ruleAnswer } from '../mailbox-rules.ts';
import { formField } from '../../form-field.ts';

const refresh = () => revalidatePath('/', 'layout');

async function inTheWay(result: Result<unknown, RuleCode>): Promise<FieldError | null> {
  refresh();
  return result.ok ? null : explainRule(result.code);
}

export async function saveAbsenceAction(_: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireMailboxScope();
  const answer = await absenceFrom(scope, scope.mailboxId, form);
  refresh();
  return answer;
}

export async function addForwardAction(_: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireMailboxScope();
  const answer = await forwardFrom(scope, scope.mailboxId, formField(form, 'target'), formField(form, 'keep') === 'on');
  refresh();
  return answer;
}

export async function confirmOwnForwardAction(id: number, _: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireMailboxScope();
  const answer = await ruleAnswer(confirmMailboxForward(database(), scope, scope.mailboxId, idOf(id), formField(form, 'code')));
  refresh();
  return answer;
}

export async function keepForwardedAction(keep: boolean): Promise<FieldError | null> {
  const { scope } = await requireMailboxScope();
  return inTheWay(await keepForwarded(database(), scope, scope.mailboxId, keep === true));
}

export async function removeOwnForwardAction(id: number): Promise<FieldError | null> {
  const { scope } = await requireMailboxScope();
  return inTheWay(await removeMailboxForward(database(), scope, scope.mailboxId, idOf(id)));
}

export async function resumeOwnForwardAction(id: number): Promise<FieldError | null> {
  const { scope } = await requireMailboxScope();
  return inTheWay(await resumeMailboxForward(database(), scope, scope.mailboxId, idOf(id)));
}

export async function addSenderAction(_: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireMailboxScope();
  const verdict = formField(form, 'verdict') === 'allowed' ? 'allowed' : 'blocked';
  const answer = await ruleAnswer(setSenderRule(database(), scope, scope.mailboxId, formField(form, 'sender'), verdict));
  refresh();
  return answer;
}

export async function removeSenderAction(sender: string): Promise<FieldError | null> {
  const { scope } = await requireMailboxScope();
  return inTheWay(await setSenderRule(database(), scope, scope.mailboxId, String(sender).slice(0, 300), null));
}
