'use server';

import { revalidatePath } from 'next/cache';
import type { FormState } from '#components/ui/form-state.ts';
import type { FieldError } from '#components/ui/field.tsx';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { idOf } from '#lib/provisioning/parse-id.ts';
import { discardWithheld, releaseWithheld } from '#lib/provisioning/withheld/release-withheld.ts';
import { setQuarantine } from '#lib/provisioning/withheld/set-quarantine.ts';
import { whyRefused } from '../explain.ts';
import { formAnswer } from '../form-answer.ts';
import { formField } from '../../../form-field.ts';

const refresh = () => revalidatePath('/panel', 'layout');

/** null: done. */
export async function releaseWithheldAction(id: number): Promise<FieldError | null> {
  const { scope } = await requireCustomerScope();
  const result = await releaseWithheld(database(), scope, idOf(id));
  refresh();
  return whyRefused(result);
}

/** null: done. */
export async function discardWithheldAction(id: number): Promise<FieldError | null> {
  const { scope } = await requireCustomerScope();
  const result = await discardWithheld(database(), scope, idOf(id));
  refresh();
  return whyRefused(result);
}

export async function saveQuarantineAction(_: FormState, form: FormData): Promise<FormState> {
  const { scope } = await requireCustomerScope();
  const answer = await formAnswer(() =>
    setQuarantine(database(), scope, {
      viruses: formField(form, 'viruses') === 'quarantine',
      programs: formField(form, 'programs') === 'quarantine',
    }),
  );
  refresh();
  return answer;
}
