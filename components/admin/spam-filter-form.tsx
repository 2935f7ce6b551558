'use client';

import { useTranslations } from 'next-intl';
import type { SpamFilter } from '#lib/db/generated/enums.ts';
import { ChoiceForm } from './choice-form.tsx';
import type { FormAction } from '../ui/form-state.ts';

const choices: readonly SpamFilter[] = ['normal', 'strict', 'off'];

/** How much must speak against a letter before it goes to Junk. */
export function SpamFilterForm({ spamFilter, action }: { spamFilter: SpamFilter; action: FormAction }) {
  return <ChoiceForm name="spamFilter" choices={choices} value={spamFilter} action={action} text={useTranslations('panel.spamFilter')} />;
}
