'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { getTimeZone, getTranslations } from 'next-intl/server';
import type { FormState } from '#components/ui/form-state.ts';
import type { FieldError } from '#components/ui/field.tsx';
import { displayAddress, parseEmailAddress, type EmailAddress } from '#lib/addresses/email-address.ts';
import type { CustomerScope } from '#lib/auth/customer-scope.ts';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { supportCodes, type ProvisioningCode } from '#lib/provisioning/error-codes.ts';
import { idOf } from '#lib/provisioning/parse-id.ts';
import { removeAddress } from '#lib/provisioning/addresses/remove-address.ts';
import { refused, type Result } from '#lib/provisioning/result.ts';
import { resumeTarget } from '#lib/provisioning/addresses/resume-target.ts';
import { setCatchAll } from '#lib/provisioning/addresses/set-catch-all.ts';
import { setForward } from '#lib/provisioning/addresses/set-forward.ts';
import { setGroup } from '#lib/provisioning/addresses/set-group.ts';
import { setOutsideForwards } from '#lib/provisioning/addresses/set-outside-forwards.ts';
import { setSendAs } from '#lib/provisioning/addresses/set-send-as.ts';
import { splitAddresses } from '#lib/provisioning/addresses/set-targets.ts';
import { expiryOf } from '../../expiry-day.ts';
import { whyRefused } from '../explain.ts';
import { formAnswer } from '../form-answer.ts';
import { formField, hasField } from '../../../form-field.ts';

const refresh = () => revalidatePath('/panel/addresses', 'layout');
const clean = (address: unknown): string => String(address).replaceAll('\0', '').slice(0, 320);
const longestList = 200_000;

/** Makes a forward, a group or a catch-all, or changes it (the field "edit"). */
export async function saveAddressAction(_: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const targets = splitAddresses(formField(form, 'targets', longestList));
  const wrong = targets.find((target) => parseEmailAddress(target) === null);
  if (wrong !== undefined) {
    const text = await getTranslations('panel.addresses');
    const error = { text: text('wrongTarget', { address: wrong.slice(0, 100) }), code: supportCodes.InvalidTarget };
    return { error, done: false, at: Date.now() };
  }
  const answer = await formAnswer(
    () => save(scope, form, targets),
    (address) => ({ label: displayAddress(address) }),
  );
  refresh();
  return answer;
}

async function save(scope: CustomerScope, form: FormData, targets: string[]): Promise<Result<EmailAddress, ProvisioningCode>> {
  const where = {
    localPart: formField(form, 'localPart', 100),
    domain: formField(form, 'domain'),
    mustBeNew: formField(form, 'edit') === '',
  };
  const kind = formField(form, 'kind');
  if (kind === 'catch_all') return setCatchAll(database(), scope, { ...where, targets });
  if (kind === 'group') {
    const posting = formField(form, 'posting');
    const moderation = formField(form, 'moderation');
    return setGroup(database(), scope, {
      ...where,
      members: targets,
      name: formField(form, 'name'),
      posting: posting === 'anyone' || posting === 'members' ? posting : 'customer',
      replyTo: formField(form, 'replyTo') === 'group' ? 'group' : 'author',
      subjectPrefix: formField(form, 'subjectPrefix', 100),
      moderation: moderation === 'others' || moderation === 'everybody' ? moderation : 'off',
      // nobody asked for them where the group is not moderated: they stay as they were
      ...(hasField(form, 'moderators') ? { moderators: splitAddresses(formField(form, 'moderators', longestList)) } : {}),
    });
  }
  const expires = formField(form, 'expires', 20);
  const expiresAt = expires === '' ? null : expiryOf(expires, await getTimeZone(), Date.now());
  if (expires !== '' && expiresAt === null) return refused('InvalidDate');
  return setForward(database(), scope, { ...where, targets, expiresAt, note: formField(form, 'note') });
}

/** null: done. */
export async function removeAddressAction(address: string): Promise<FieldError | null> {
  const { scope } = await requireCustomerScope();
  const result = await removeAddress(database(), scope, clean(address));
  refresh();
  return whyRefused(result);
}

/** The same from the address's own page, which is gone afterwards. */
export async function removeAndLeaveAction(address: string): Promise<FieldError> {
  const error = await removeAddressAction(address);
  if (error) return error;
  redirect('/panel/addresses');
}

export async function resumeTargetAction(address: string, target: string): Promise<FieldError | null> {
  const { scope } = await requireCustomerScope();
  const result = await resumeTarget(database(), scope, clean(address), clean(target));
  refresh();
  return whyRefused(result);
}

export async function setSendAsAction(address: string, _: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const way = formField(form, 'way');
  const answer = await formAnswer(() =>
    setSendAs(database(), scope, idOf(formField(form, 'mailbox')), clean(address), way === 'not' || way === 'on-behalf' ? way : 'as'),
  );
  refresh();
  return answer;
}

export async function setOutsideForwardsAction(_: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const answer = await formAnswer(() => setOutsideForwards(database(), scope, formField(form, 'outside') === 'allowed'));
  refresh();
  return answer;
}
