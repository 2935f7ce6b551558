'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { useAskFirst } from '../../ui/use-ask-first.tsx';

interface Props {
  label: string;
  text: string;
  /** null once it is kept, else what the server says is wrong */
  save: (text: string) => Promise<string | null>;
}

/** A script as it is, for those who write Sieve. The server says line and sentence of what is wrong, and keeps nothing of it. */
export function ScriptText({ label, text: given, save }: Props) {
  const text = useTranslations('rules.filters');
  const common = useTranslations('common');
  const [typed, setTyped] = useState(given);
  const [fault, setFault] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const { question } = useAskFirst(() => typed !== given);
  const keep = async () => {
    setSaving(true);
    setFault(await save(typed).finally(() => setSaving(false)));
  };
  return (
    <div className="grid gap-3 mt-3">
      <Field label={label} error={fault === null ? null : { text: fault }}>
        {(control) => (
          <textarea
            {...control}
            className="input signature-input mono script-input"
            rows={Math.min(24, Math.max(6, typed.split('\n').length + 1))}
            value={typed}
            spellCheck={false}
            autoCapitalize="none"
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <div>
        <Button busy={saving} disabled={typed === given} onClick={() => void keep()}>
          {text('saveText')}
        </Button>{' '}
        {typed === given ? null : (
          <Button kind="quiet" onClick={() => setTyped(given)}>
            {common('cancel')}
          </Button>
        )}
      </div>
      {question}
    </div>
  );
}
