'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { KeptForm } from '../../ui/kept-form.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { useAction } from '../../ui/use-action.ts';
import { nothingYet, type FormAction } from '../../ui/form-state.ts';
import { SecretSlip } from '../secret-slip.tsx';

interface Props {
  action: FormAction;
  minimumLength: number;
  /** for the password manager */
  address: string;
  /** own password: the present one is asked for, and none is generated */
  own?: boolean;
}

/** Sets a mailbox's password: typed, or made and shown once. */
export function PasswordForm({ action, minimumLength, address, own = false }: Props) {
  const text = useTranslations('panel');
  const [state, submit, busy] = useAction(action, nothingYet);
  const [typed, setTyped] = useState('');
  const wrongPresent = state.error?.code === 'PA-PW-5';
  useEffect(() => {
    if (state.done) setTyped('');
  }, [state]);
  return (
    <KeptForm action={submit} emptyAfter={state} className="grid gap-4" noValidate>
      <input type="text" name="username" autoComplete="username" value={address} readOnly hidden />
      <div className="pair">
        {own ? (
          <PasswordField
            label={text('account.currentPassword')}
            name="current"
            autoComplete="current-password"
            error={wrongPresent ? state.error : null}
          />
        ) : null}
        <PasswordField
          label={text('mailbox.newPassword')}
          hint={text('mailboxes.passwordHint', { count: minimumLength })}
          error={wrongPresent ? null : state.error}
          name="password"
          autoComplete="new-password"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" busy={busy} disabled={own && typed === ''}>
          {text(own || typed !== '' ? 'mailbox.setPassword' : 'mailbox.generatePassword')}
        </Button>
        <span role="status" className="hint">
          {state.done && !busy && !state.secret ? text('mailbox.passwordSet') : ''}
        </span>
      </div>
      <div role="status">
        {state.secret ? (
          <SecretSlip
            title={text('mailbox.passwordSet')}
            secret={state.secret}
            what={text('mailbox.password')}
            note={text('mailboxes.createdOnce')}
          />
        ) : null}
      </div>
    </KeptForm>
  );
}
