'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Button } from '../ui/button.tsx';
import { TextField, type FieldError } from '../ui/field.tsx';
import { KeptForm } from '../ui/kept-form.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { useAction } from '../ui/use-action.ts';

export interface SignUpState {
  errors: { customer?: FieldError; address?: FieldError; password?: FieldError };
  customer: string;
  address: string;
}

interface Props {
  action: (state: SignUpState, form: FormData) => Promise<SignUpState>;
  minimumLength: number;
}

export function SignUpForm({ action, minimumLength }: Props) {
  const text = useTranslations('auth');
  const [state, submit, busy] = useAction(action, { errors: {}, customer: '', address: '' });
  return (
    <KeptForm action={submit} className="grid gap-[18px]" noValidate>
      <TextField
        label={text('signUp.customer')}
        name="customer"
        autoComplete="organization"
        required
        autoFocus
        maxLength={120}
        defaultValue={state.customer}
        error={state.errors.customer}
        key={`customer ${state.customer}`}
      />
      <TextField
        label={text('signUp.address')}
        name="address"
        type="text"
        inputMode="email"
        mono
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        hint={text('signUp.addressHint')}
        defaultValue={state.address}
        error={state.errors.address}
        key={`address ${state.address}`}
      />
      <PasswordField
        label={text('signUp.password')}
        name="password"
        autoComplete="new-password"
        required
        hint={text('signUp.passwordHint', { count: minimumLength })}
        error={state.errors.password}
      />
      <Button type="submit" kind="primary" className="tall" busy={busy}>
        {busy ? text('signUp.busy') : text('signUp.submit')}
      </Button>
      <p className="text-center">
        <Link className="link" href="/sign-in">
          {text('toSignIn')}
        </Link>
      </p>
    </KeptForm>
  );
}
