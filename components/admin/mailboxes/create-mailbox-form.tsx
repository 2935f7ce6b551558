'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useEffect, useId, useRef, useState } from 'react';
import { formatBytes } from '#lib/i18n/format-bytes.ts';
import { gigabyte, quotaChoices } from '#lib/provisioning/mailboxes/quota-choices.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorText, type FieldError } from '../../ui/field.tsx';
import { KeptForm } from '../../ui/kept-form.tsx';
import { useAction } from '../../ui/use-action.ts';
import { DomainSuffix } from '../domain-suffix.tsx';
import { SecretSlip } from '../secret-slip.tsx';

export interface CreateMailboxState {
  error: FieldError | null;
  localPart: string;
  created: { id: number; address: string; password: string | null; keepsPersonsPassword: boolean } | null;
}

interface Props {
  domains: readonly { name: string; display: string }[];
  domain: string;
  defaultQuotaBytes: number;
  minimumPasswordLength: number;
  action: (state: CreateMailboxState, form: FormData) => Promise<CreateMailboxState>;
  onCreated: (id: number) => void;
}

/** One line: name, domain, password, storage, and Enter. The generated password is shown once, below. */
export function CreateMailboxForm({ domains, domain, defaultQuotaBytes, minimumPasswordLength, action, onCreated }: Props) {
  const text = useTranslations('panel.mailboxes');
  const locale = useLocale();
  const [state, submit, busy] = useAction(action, { error: null, localPart: '', created: null });
  const [own, setOwn] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const created = state.created;
  const tell = useRef(onCreated);
  tell.current = onCreated;
  useEffect(() => {
    if (!created) return;
    tell.current(created.id);
    setOwn(false);
    field.current?.focus();
  }, [created]);
  const wrongPassword = own && state.error?.code?.startsWith('PA-PW-');
  const note = useId();
  const quotas = [...new Set([...quotaChoices.map((choice) => choice * gigabyte), defaultQuotaBytes])].toSorted((a, b) => a - b);
  return (
    <>
      <KeptForm action={submit} className="sheet create" aria-label={text('create')} noValidate>
        <div className="inputbox address">
          <input
            ref={field}
            key={created?.id}
            name="localPart"
            className="mono"
            aria-label={text('localPart')}
            placeholder={text('placeholder')}
            defaultValue={state.localPart}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={64}
            aria-invalid={state.error && !wrongPassword && state.error.field !== 'quota' ? true : undefined}
            aria-describedby={note}
          />
          <DomainSuffix domains={domains} domain={domain} label={text('domain')} />
        </div>
        <select
          className="input fit"
          name="passwordKind"
          aria-label={text('passwordKind')}
          value={own ? 'own' : 'generate'}
          onChange={(event) => setOwn(event.target.value === 'own')}
        >
          <option value="generate">{text('generate')}</option>
          <option value="own">{text('own')}</option>
        </select>
        <select className="input fit" name="quota" aria-label={text('quota')} defaultValue={defaultQuotaBytes}>
          {quotas.map((bytes) => (
            <option key={bytes} value={bytes}>
              {formatBytes(locale, bytes)}
            </option>
          ))}
        </select>
        <Button type="submit" kind="primary" busy={busy}>
          {busy ? text('busy') : text('submit')}
        </Button>
        {own ? (
          <input
            className="input mono wide"
            type="text"
            name="password"
            aria-label={text('password')}
            aria-invalid={wrongPassword ? true : undefined}
            aria-describedby={note}
            placeholder={text('passwordHint', { count: minimumPasswordLength })}
            autoComplete="new-password"
            autoCapitalize="none"
            spellCheck={false}
          />
        ) : null}
        <div className="wide" id={note} role={state.error ? 'alert' : undefined}>
          {state.error ? <ErrorText error={state.error} /> : <p className="hint">{text('hint')}</p>}
        </div>
      </KeptForm>
      <div role="status">{created ? <Created key={created.id} created={created} /> : null}</div>
    </>
  );
}

function Created({ created }: { created: NonNullable<CreateMailboxState['created']> }) {
  const text = useTranslations('panel.mailboxes');
  const { address, password, keepsPersonsPassword } = created;
  return (
    <SecretSlip
      title={text('created', { address })}
      secret={password}
      what={text('copyPassword')}
      note={text(password !== null ? 'createdOnce' : keepsPersonsPassword ? 'createdKept' : 'createdOwn')}
    />
  );
}
