'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Button } from '../ui/button.tsx';
import { ErrorText, TextField, type FieldError } from '../ui/field.tsx';
import { KeptForm } from '../ui/kept-form.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { useAction } from '../ui/use-action.ts';

export interface SignInState {
  error: FieldError | null;
  address: string;
}

interface Props {
  action: (state: SignInState, form: FormData) => Promise<SignInState>;
  next: string;
  /** accounts may be opened by anybody */
  signUp: boolean;
}

/** Works without JavaScript too: a plain form post to a server action. */
export function SignInForm({ action, next, signUp }: Props) {
  const text = useTranslations('auth');
  const [state, submit, busy] = useAction(action, { error: null, address: '' });
  return (
    <KeptForm action={submit} className="grid gap-[18px]">
      <input type="hidden" name="next" value={next} />
      <TextField
        label={text('address')}
        name="address"
        type="text"
        inputMode="email"
        mono
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        autoFocus
        defaultValue={state.address}
        key={`address ${state.address}`}
      />
      <PasswordField
        label={text('password')}
        name="password"
        autoComplete="current-password"
        required
        aria-invalid={state.error ? true : undefined}
      />
      <div role="alert">{state.error ? <ErrorText error={state.error} /> : null}</div>
      <Button type="submit" kind="primary" className="tall" busy={busy}>
        {busy ? text('busy') : text('submit')}
      </Button>
      <p className="hint text-center">{text('forgotten')}</p>
      {signUp ? (
        <p className="text-center">
          <Link className="link" href="/sign-up">
            {text('toSignUp')}
          </Link>
        </p>
      ) : null}
    </KeptForm>
  );
}
