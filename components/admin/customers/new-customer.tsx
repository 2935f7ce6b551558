'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { KeptForm } from '../../ui/kept-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorText, TextField } from '../../ui/field.tsx';
import { useAction } from '../../ui/use-action.ts';
import { nothingYet, type FormAction } from '../../ui/form-state.ts';
import { SecretSlip } from '../secret-slip.tsx';

/** The operator opens an account for a customer: who, and the owner's address. The password is shown once. */
export function NewCustomer({ create }: { create: FormAction }) {
  const text = useTranslations('panel.customers');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{text('add')}</Button>
      {open ? <Form create={create} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Form({ create, onClose }: { create: FormAction; onClose: () => void }) {
  const text = useTranslations('panel.customers');
  const common = useTranslations('common');
  const panel = useTranslations('panel');
  const [state, submit, busy] = useAction(create, nothingYet);
  return (
    <Dialog open onClose={onClose} title={text('addTitle')}>
      {state.done && state.secret ? (
        <div role="status">
          <SecretSlip
            title={text('added', { address: state.label ?? '' })}
            secret={state.secret}
            what={panel('mailbox.password')}
            note={text('newPasswordOnce', { address: state.label ?? '' })}
          />
          <div className="acts">
            <Button data-autofocus onClick={onClose}>
              {common('close')}
            </Button>
          </div>
        </div>
      ) : (
        <KeptForm action={submit} className="grid gap-4 mt-3" noValidate>
          <p className="mid">{text('addText')}</p>
          <TextField label={text('addName')} name="name" maxLength={120} autoComplete="off" data-autofocus />
          <TextField label={text('addAddress')} name="address" inputMode="email" mono autoComplete="off" />
          <div role="alert">{state.error ? <ErrorText error={state.error} /> : null}</div>
          <div className="acts">
            <Button onClick={onClose}>{common('cancel')}</Button>
            <Button type="submit" kind="primary" busy={busy}>
              {text('add')}
            </Button>
          </div>
        </KeptForm>
      )}
    </Dialog>
  );
}
