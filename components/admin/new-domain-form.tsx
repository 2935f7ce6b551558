'use client';

import { useTranslations } from 'next-intl';
import { useActionState } from 'react';
import { Button } from '../ui/button.tsx';
import { TextField, type FieldError } from '../ui/field.tsx';

export interface NewDomainState {
  name: string;
  error: FieldError | null;
}

export function NewDomainForm({ action }: { action: (state: NewDomainState, form: FormData) => Promise<NewDomainState> }) {
  const text = useTranslations('panel.newDomain');
  const [state, submit, busy] = useActionState(action, { name: '', error: null });
  return (
    <form action={submit} className="sheet next grid gap-4" style={{ maxWidth: '40rem' }} noValidate>
      <TextField
        key={`name ${state.name} ${state.error?.code}`}
        name="name"
        mono
        label={text('label')}
        hint={text('hint')}
        error={state.error}
        defaultValue={state.name}
        placeholder="muster.at"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
      />
      <div>
        <Button type="submit" kind="primary" busy={busy}>
          {busy ? text('busy') : text('submit')}
        </Button>
      </div>
    </form>
  );
}
