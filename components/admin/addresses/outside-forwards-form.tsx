'use client';

import { useTranslations } from 'next-intl';
import { ChoiceForm } from '../choice-form.tsx';
import type { FormAction } from '../../ui/form-state.ts';

const choices = ['allowed', 'forbidden'] as const;

/** Whether mailboxes may pass letters on to addresses outside. */
export function OutsideForwardsForm({ allowed, action }: { allowed: boolean; action: FormAction }) {
  const text = useTranslations('panel.outsideForwards');
  return <ChoiceForm name="outside" choices={choices} value={allowed ? 'allowed' : 'forbidden'} action={action} text={text} />;
}
