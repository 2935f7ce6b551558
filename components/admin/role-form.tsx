'use client';

import { useTranslations } from 'next-intl';
import { useActionState } from 'react';
import type { PanelRole } from '#lib/provisioning/set-role.ts';
import { Button } from '../ui/button.tsx';
import { ErrorText } from '../ui/field.tsx';
import { nothingYet, type FormAction } from './form-state.ts';

const roles: readonly PanelRole[] = ['none', 'administrator', 'owner'];

/** Who of the customer's mailboxes may use the panel, and how far. */
export function RoleForm({ role, action }: { role: PanelRole; action: FormAction }) {
  const text = useTranslations('panel.role');
  const [state, submit, busy] = useActionState(action, nothingYet);
  return (
    <form action={submit} className="grid gap-3" key={role}>
      <select className="input" name="role" aria-label={text('title')} defaultValue={role}>
        {roles.map((one) => (
          <option key={one} value={one}>
            {text(one)}
          </option>
        ))}
      </select>
      <div className="flex items-center gap-3">
        <Button small type="submit" busy={busy}>
          {text('save')}
        </Button>
        <span role="status" className="hint">
          {state.done && !busy ? text('saved') : ''}
        </span>
      </div>
      <div role="alert">{state.error ? <ErrorText error={state.error} /> : null}</div>
    </form>
  );
}
