'use client';

import { useTranslations } from 'next-intl';
import { Button } from '../../ui/button.tsx';
import { TextField, type FieldError } from '../../ui/field.tsx';
import { KeptForm } from '../../ui/kept-form.tsx';
import { useAction } from '../../ui/use-action.ts';
import { AskForDomain } from './ask-for-domain.tsx';
import type { FormState } from '../../ui/form-state.ts';
import { Slip } from '../slip.tsx';

export interface NewDomainState {
  name: string;
  error: FieldError | null;
  /** the TXT record that has to stand before this domain can be added; `parent`: the domain above, whose owner can agree instead */
  proof: { name: string; value: string; domain: string; parent: string | null } | null;
}

interface Props {
  action: (state: NewDomainState, form: FormData) => Promise<NewDomainState>;
  ask: (name: string) => Promise<FormState>;
  /** already written in the field */
  name: string;
}

export function NewDomainForm({ action, ask, name }: Props) {
  const text = useTranslations('panel.newDomain');
  const [state, submit, busy] = useAction(action, { name, error: null, proof: null });
  const record = useTranslations('panel.domain');
  return (
    <KeptForm action={submit} className="sheet next grid gap-4" style={{ maxWidth: '40rem' }} noValidate>
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
          {state.proof.parent === null ? null : (
            <AskForDomain key={state.name} parent={state.proof.parent} ask={ask.bind(null, state.name)} />
          )}
        </div>
      ) : null}
      <div>
        <Button type="submit" kind="primary" busy={busy}>
          {busy ? text('busy') : text('submit')}
        </Button>
      </div>
    </KeptForm>
  );
}
