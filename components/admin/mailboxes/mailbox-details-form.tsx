'use client';

import { useLocale, useTranslations } from 'next-intl';
import { formatBytes } from '#lib/i18n/format-bytes.ts';
import { gigabyte, quotaChoices } from '#lib/provisioning/mailboxes/quota-choices.ts';
import { KeptForm } from '../../ui/kept-form.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { SaveRow } from '../../ui/save-row.tsx';
import { useAction } from '../../ui/use-action.ts';
import { nothingYet, type FormAction } from '../../ui/form-state.ts';

interface Props {
  name: string;
  quotaBytes: number;
  action: FormAction;
}

/** Name and storage limit. */
export function MailboxDetailsForm({ name, quotaBytes, action }: Props) {
  const text = useTranslations('panel.mailbox');
  const locale = useLocale();
  const [state, submit, busy] = useAction(action, nothingYet);
  const quotas = [...new Set([...quotaChoices.map((choice) => choice * gigabyte), quotaBytes])].toSorted((a, b) => a - b);
  return (
    <KeptForm action={submit} askUntil={state} className="grid gap-4" key={`${name} ${quotaBytes}`}>
      <div className="pair">
        <TextField label={text('name')} hint={text('nameHint')} name="name" defaultValue={name} maxLength={120} autoComplete="off" />
        <SelectField label={text('quota')} name="quota" defaultValue={quotaBytes}>
          {quotas.map((bytes) => (
            <option key={bytes} value={bytes}>
              {formatBytes(locale, bytes)}
            </option>
          ))}
        </SelectField>
      </div>
      <SaveRow {...state} busy={busy} />
    </KeptForm>
  );
}
