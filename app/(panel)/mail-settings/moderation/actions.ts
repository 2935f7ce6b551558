'use server';

import { revalidatePath } from 'next/cache';
import type { FieldError } from '#components/ui/field.tsx';
import { requireMailboxScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { idOf } from '#lib/provisioning/parse-id.ts';
import { discardWithheld, releaseWithheld } from '#lib/provisioning/withheld/release-withheld.ts';
import { whyRefused } from '../../panel/explain.ts';

const refresh = () => revalidatePath('/mail-settings', 'layout');

/** null: done. */
export async function releaseModeratedAction(id: number): Promise<FieldError | null> {
  const { scope } = await requireMailboxScope();
  const result = await releaseWithheld(database(), scope, idOf(id));
  refresh();
  return whyRefused(result);
}

/** null: done. */
export async function discardModeratedAction(id: number): Promise<FieldError | null> {
  const { scope } = await requireMailboxScope();
  const result = await discardWithheld(database(), scope, idOf(id));
  refresh();
  return whyRefused(result);
}
