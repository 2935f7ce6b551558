'use client';

import { useTranslations } from 'next-intl';
import { useActionState } from 'react';
import { Button } from '../ui/button.tsx';
import { TextField, type FieldError } from '../ui/field.tsx';
import { Slip } from './slip.tsx';

export interface NewDomainState {
  name: string;
  error: FieldError | null;
  /** the TXT record that has to stand before this domain can be added */
  proof: { name: string; value: string; domain: string } | null;
}

export function NewDomainForm({ action }: { action: (state: NewDomainState, form: FormData) => Promise<NewDomainState> }) {
  const text = useTranslations('panel.newDomain');
  const [state, submit, busy] = useActionState(action, { name: '', error: null, proof: null });
  const record = useTranslations('panel.domain');
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
      {state.proof ? (
        <div>
          <Slip
            lines={[
              { label: record('recordName'), value: state.proof.name, copy: state.proof.name },
              { label: record('recordType'), value: 'TXT' },
              { label: record('recordValue'), value: state.proof.value, copy: state.proof.value },
            ]}
          />
          <p className="hint mt-2">{record('next.nameHint', { domain: state.proof.domain })}</p>
        </div>
      ) : null}
      <div>
        <Button type="submit" kind="primary" busy={busy}>
          {busy ? text('busy') : text('submit')}
        </Button>
      </div>
    </form>
  );
}
