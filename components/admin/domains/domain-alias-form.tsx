'use client';

import { useTranslations } from 'next-intl';
import { KeptForm } from '../../ui/kept-form.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { useAction } from '../../ui/use-action.ts';
import { nothingYet, type FormAction } from '../form-state.ts';

interface Props {
  /** the domain that this one stands for, or empty */
  aliasOf: string;
  /** what it could stand for */
  domains: readonly { name: string; display: string }[];
  action: FormAction;
}

/** Lets a domain stand for another one of the customer. */
export function DomainAliasForm({ aliasOf, domains, action }: Props) {
  const text = useTranslations('panel.domain');
  const [state, submit, busy] = useAction(action, nothingYet);
  return (
    <KeptForm action={submit} askUntil={state} className="grid gap-3" key={aliasOf}>
      <SelectField label={text('aliasOf')} hint={text('aliasText')} error={state.error} name="target" defaultValue={aliasOf}>
        <option value="">{text('aliasNone')}</option>
        {domains.map(({ name, display }) => (
          <option key={name} value={name}>
            {display}
          </option>
        ))}
      </SelectField>
      <div className="flex items-center gap-3">
        <Button type="submit" small busy={busy}>
          {text('aliasSave')}
        </Button>
        <span role="status" className="hint">
          {state.done && !busy ? text('aliasSaved') : ''}
        </span>
      </div>
    </KeptForm>
  );
}
