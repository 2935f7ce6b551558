'use server';

import { revalidatePath } from 'next/cache';
import type { FormState } from '#components/ui/form-state.ts';
import type { FieldError } from '#components/ui/field.tsx';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { confirmMailboxForward } from '#lib/provisioning/rules/confirm-mailbox-forward.ts';
import { keepForwarded } from '#lib/provisioning/rules/keep-forwarded.ts';
import { idOf } from '#lib/provisioning/parse-id.ts';
import { removeMailboxForward } from '#lib/provisioning/rules/remove-mailbox-forward.ts';
import type { Result } from '#lib/provisioning/result.ts';
import { resumeMailboxForward } from '#lib/provisioning/rules/resume-mailbox-forward.ts';
import type { RuleCode } from '#lib/provisioning/rules/rule-codes.ts';
import { absenceFrom, explainRule, forwardFrom, ruleAnswer } from '../../../mailbox-rules.ts';
import { formField } from '../../../../form-field.ts';

/** Absence and forwards of a mailbox, set by an administrator for its user, who reads who did. */

const refresh = () => revalidatePath('/panel/mailboxes', 'layout');

async function inTheWay(result: Result<unknown, RuleCode>): Promise<FieldError | null> {
  refresh();
  return result.ok ? null : explainRule(result.code);
}

export async function saveMailboxAbsenceAction(id: number, _: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const answer = await absenceFrom(scope, idOf(id), form);
  refresh();
  return answer;
}

export async function addMailboxForwardAction(id: number, _: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const answer = await forwardFrom(scope, idOf(id), formField(form, 'target'), formField(form, 'keep') === 'on');
  refresh();
  return answer;
}

export async function confirmMailboxForwardAction(id: number, forward: number, _: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const answer = await ruleAnswer(confirmMailboxForward(database(), scope, idOf(id), idOf(forward), formField(form, 'code')));
  refresh();
  return answer;
}

export async function keepMailboxForwardedAction(id: number, keep: boolean): Promise<FieldError | null> {
  const { scope } = await requireCustomerScope();
  return inTheWay(await keepForwarded(database(), scope, idOf(id), keep === true));
}

export async function removeMailboxForwardAction(id: number, forward: number): Promise<FieldError | null> {
  const { scope } = await requireCustomerScope();
  return inTheWay(await removeMailboxForward(database(), scope, idOf(id), idOf(forward)));
}

export async function resumeMailboxForwardAction(id: number, forward: number): Promise<FieldError | null> {
  const { scope } = await requireCustomerScope();
  return inTheWay(await resumeMailboxForward(database(), scope, idOf(id), idOf(forward)));
}
