'use client';

import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import type { WritesAs } from '#lib/webmail/writing/letter.ts';
import { nothingYet, type FormAction } from '../../ui/form-state.ts';
import { tellWindows } from '../../shell/other-windows.tsx';
import { KeptForm } from '../../ui/kept-form.tsx';
import { Field, TextField } from '../../ui/field.tsx';
import { SaveRow } from '../../ui/save-row.tsx';
import { useAction } from '../../ui/use-action.ts';

interface Props {
  identity: WritesAs;
  /** the address as people read it */
  display: string;
  replyTo: string;
  action: FormAction;
}

/** Name, reply-to and signature of one address. */
export function IdentityForm({ identity, display, replyTo, action }: Props) {
  const text = useTranslations('panel.mailSettings');
  const [state, submit, busy] = useAction(action, nothingYet);
  useEffect(() => {
    if (state.done) tellWindows();
  }, [state]);
  return (
    <KeptForm
      action={submit}
      askUntil={state}
      key={JSON.stringify(identity)}
      aria-label={text('identity', { address: display })}
      noValidate
    >
      <fieldset className="sheet block-sheet settings-part">
        <legend className="h break-all">{display}</legend>
        <input type="hidden" name="address" value={identity.address} />
        <div className="grid gap-4">
          <TextField
            label={text('name')}
            hint={text('nameHint')}
            name="name"
            defaultValue={identity.name}
            maxLength={120}
            autoComplete="name"
          />
          <TextField
            label={text('replyTo')}
            hint={text('replyToHint')}
            error={state.error}
            name="replyTo"
            type="email"
            defaultValue={replyTo}
            maxLength={254}
            autoComplete="off"
          />
          <Field label={text('signature')} hint={text('signatureHint')}>
            {(control) => (
              <textarea
                {...control}
                className="input signature-input"
                name="signature"
                rows={5}
                defaultValue={linesOf(identity.signature)}
                maxLength={20_000}
              />
            )}
          </Field>
          <SaveRow done={state.done} busy={busy} />
        </div>
      </fieldset>
    </KeptForm>
  );
}

/** Our own HTML (lib/webmail/writing/quote-text.ts, writtenAsHtml) as the lines that were typed. */
const linesOf = (html: string): string =>
  html
    .replaceAll(/<\/p>\s*<p>/g, () => '\n\n')
    .replaceAll(/<br\s*\/?>/g, () => '\n')
    .replaceAll(/<[^>]*>/g, () => '')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .trim();
