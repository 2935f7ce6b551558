'use client';

import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { KeptForm } from '../../ui/kept-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorText, TextField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAction } from '../../ui/use-action.ts';
import { nothingYet, type FormAction } from '../../ui/form-state.ts';

/** Empty: as for everybody. */
export interface LimitsView {
  domains: number | null;
  mailboxes: number | null;
  storageGb: number | null;
  aliases: number | null;
  appPasswords: number | null;
  messagesPerHour: number | null;
}

const fields = [
  ['domains', 'limitDomains'],
  ['mailboxes', 'limitMailboxes'],
  ['storageGb', 'limitStorage'],
  ['aliases', 'limitAliases'],
  ['appPasswords', 'limitAppPasswords'],
  ['messagesPerHour', 'limitMessages'],
] as const;

interface Props {
  name: string;
  limits: LimitsView;
  /** what holds where nothing is said */
  standard: LimitsView;
  save: FormAction;
  onClose: () => void;
}

/** What one customer may have, for the operator to change. */
export function CustomerLimits({ name, limits, standard, save, onClose }: Props) {
  const text = useTranslations('panel.customers');
  const common = useTranslations('common');
  const [state, submit, busy] = useAction(save, nothingYet);
  useEffect(() => {
    if (!state.done) return;
    showToast({ text: text('limitsSaved') });
    onClose();
  }, [state, onClose, text]);
  return (
    <Dialog open onClose={onClose} title={text('limitsTitle', { name })}>
      <p className="mid mt-3">{text('limitsText')}</p>
      <KeptForm action={submit} className="grid gap-4 mt-4" noValidate>
        <div className="pair">
          {fields.map(([field, label]) => (
            <TextField
              key={field}
              label={text(label)}
              name={field}
              inputMode="numeric"
              defaultValue={limits[field] ?? ''}
              placeholder={String(standard[field] ?? '')}
              autoComplete="off"
            />
          ))}
        </div>
        <div role="alert">{state.error ? <ErrorText error={state.error} /> : null}</div>
        <div className="acts">
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" kind="primary" busy={busy}>
            {common('save')}
          </Button>
        </div>
      </KeptForm>
    </Dialog>
  );
}
