'use client';

import { useTranslations } from 'next-intl';
import { KeptForm } from '../../ui/kept-form.tsx';
import { SelectField } from '../../ui/field.tsx';
import { SaveRow } from '../../ui/save-row.tsx';
import { useAction } from '../../ui/use-action.ts';
import { nothingYet, type FormAction } from '../../ui/form-state.ts';

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
      <SaveRow done={state.done} busy={busy} small />
    </KeptForm>
  );
}
