'use client';

import { useTranslations } from 'next-intl';
import { KeptForm } from '../../ui/kept-form.tsx';
import { TextField } from '../../ui/field.tsx';
import { SaveRow } from '../../ui/save-row.tsx';
import { useAction } from '../../ui/use-action.ts';
import { nothingYet, type FormAction } from '../../ui/form-state.ts';

/** One's own name, as recipients see it. */
export function NameForm({ name, action }: { name: string; action: FormAction }) {
  const text = useTranslations('panel.mailbox');
  const [state, submit, busy] = useAction(action, nothingYet);
  return (
    <KeptForm action={submit} askUntil={state} className="grid gap-4" key={name}>
      <TextField
        label={text('name')}
        hint={text('nameHint')}
        error={state.error}
        name="name"
        defaultValue={name}
        maxLength={120}
        autoComplete="name"
      />
      <SaveRow done={state.done} busy={busy} />
    </KeptForm>
  );
}
