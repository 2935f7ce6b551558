'use client';

import { Smartphone } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorText, type FieldError } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { KeptForm } from '../../ui/kept-form.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAction, useStep } from '../../ui/use-action.ts';
import { nothingYet, type FormAction } from '../../ui/form-state.ts';
import { SecretSlip } from '../secret-slip.tsx';
import { useMoment } from '../use-moment.ts';

export interface AppPasswordView {
  id: number;
  label: string;
  createdAt: number;
  lastUsedAt: number | null;
  lastProtocol: string | null;
}

interface Props {
  passwords: readonly AppPasswordView[];
  create: FormAction;
  /** the sign-in is too long ago to stand for the password */
  askPassword: boolean;
  /** whose password is asked for, for the password manager */
  login: string;
  revoke: (id: number) => Promise<FieldError | null>;
}

/** One line a device: name, last use, revoke. A new one is shown once. */
export function AppPasswords({ passwords, create, revoke, askPassword, login }: Props) {
  const text = useTranslations('panel.mailbox');
  const panel = useTranslations('panel');
  const format = useFormatter();
  const moment = useMoment();
  const [state, submit, busy] = useAction(create, nothingYet);
  const [asked, setAsked] = useState<AppPasswordView | null>(null);
  const wrongPassword = state.error?.code === 'PA-PW-5';
  // one sign-in stands for one password
  const needsPassword = askPassword || wrongPassword || Boolean(state.secret);
  const [revoking, start] = useStep();
  const confirm = () =>
    start(async () => {
      if (!asked) return;
      const error = await revoke(asked.id);
      if (error) showToast({ text: `${error.text} ${error.code ?? ''}` });
      setAsked(null);
    });
  return (
    <>
      {passwords.length === 0 ? <p className="hint">{text('noDevices')}</p> : null}
      <ul className="lines">
        {passwords.map((password) => (
          <li key={password.id}>
            <Icon of={Smartphone} />
            <span className="grow">
              <b>{password.label}</b>
              <span className="hint block">
                {password.lastUsedAt === null
                  ? `${text('createdAt', { date: format.dateTime(password.createdAt, { dateStyle: 'medium' }) })}, ${text('notUsed')}`
                  : text('lastUsed', { date: moment(password.lastUsedAt), protocol: (password.lastProtocol ?? '').toUpperCase() })}
              </span>
            </span>
            <Button small kind="danger" aria-label={text('revokeLabel', { label: password.label })} onClick={() => setAsked(password)}>
              {text('revoke')}
            </Button>
          </li>
        ))}
      </ul>
      <KeptForm action={submit} className="oneline" emptyAfter={state} noValidate>
        <input
          className="input grow"
          name="label"
          aria-label={text('label')}
          placeholder={text('labelPlaceholder')}
          maxLength={60}
          autoComplete="off"
          aria-invalid={state.error && !wrongPassword ? true : undefined}
          defaultValue={state.error ? state.label : ''}
        />
        {needsPassword ? (
          <>
            <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
            <input
              className="input grow"
              name="current"
              type="password"
              aria-label={panel('account.currentPassword')}
              placeholder={panel('account.currentPassword')}
              autoComplete="current-password"
              aria-invalid={wrongPassword ? true : undefined}
            />
          </>
        ) : null}
        <Button type="submit" busy={busy}>
          {text('createAppPassword')}
        </Button>
      </KeptForm>
      <div role="alert">{state.error ? <ErrorText error={state.error} /> : null}</div>
      <div role="status">
        {state.secret ? (
          <SecretSlip
            title={text('appPasswordFor', { label: state.label ?? '' })}
            secret={state.secret}
            what={text('createAppPassword')}
            note={text('appPasswordOnce')}
          />
        ) : null}
      </div>
      <Dialog open={asked !== null} onClose={() => setAsked(null)} title={text('revokeTitle', { label: asked?.label ?? '' })}>
        <p className="mid mt-3">{text('revokeText')}</p>
        <div className="acts">
          <Button data-autofocus onClick={() => setAsked(null)}>
            {text('keep')}
          </Button>
          <Button kind="danger-filled" busy={revoking} onClick={confirm}>
            {text('revokeConfirm')}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
