'use client';

import { useLocale, useTranslations } from 'next-intl';
import { formatBytes } from '#lib/i18n/format-bytes.ts';
import { gigabyte, quotaChoices } from '#lib/provisioning/mailboxes/quota-choices.ts';
import { KeptForm } from '../../ui/kept-form.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorText, SelectField, TextField } from '../../ui/field.tsx';
import { useAction } from '../../ui/use-action.ts';
import { nothingYet, type FormAction } from '../form-state.ts';

interface Props {
  name: string;
  quotaBytes: number;
  action: FormAction;
}

/** Name and storage limit. */
export function MailboxDetailsForm({ name, quotaBytes, action }: Props) {
  const text = useTranslations('panel.mailbox');
  const common = useTranslations('common');
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
      <div className="flex items-center gap-3">
        <Button type="submit" busy={busy}>
          {text('save')}
        </Button>
        <span role="status" className="hint">
          {busy ? common('busy') : state.done ? text('saved') : ''}
        </span>
      </div>
      <div role="alert">{state.error ? <ErrorText error={state.error} /> : null}</div>
    </KeptForm>
  );
}
