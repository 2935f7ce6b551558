'use client';

import { useTranslations } from 'next-intl';
import type { PanelRole } from '#lib/provisioning/customers/set-role.ts';
import { ChoiceForm } from '../choice-form.tsx';
import type { FormAction } from '../../ui/form-state.ts';

const roles: readonly PanelRole[] = ['none', 'administrator', 'owner'];

/** Who of the customer's mailboxes may use the panel, and how far. */
export function RoleForm({ role, action }: { role: PanelRole; action: FormAction }) {
  return <ChoiceForm name="role" choices={roles} value={role} action={action} text={useTranslations('panel.role')} />;
}
