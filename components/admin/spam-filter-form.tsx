'use client';

import { useTranslations } from 'next-intl';
import { useActionState } from 'react';
import type { SpamFilter } from '#lib/db/generated/enums.ts';
import { Button } from '../ui/button.tsx';
import { ErrorText } from '../ui/field.tsx';
import { nothingYet, type FormAction } from './form-state.ts';

const choices: readonly SpamFilter[] = ['normal', 'strict', 'off'];

/** How much must speak against a letter before it goes to Junk. */
export function SpamFilterForm({ spamFilter, action }: { spamFilter: SpamFilter; action: FormAction }) {
  const text = useTranslations('panel.spamFilter');
  const [state, submit, busy] = useActionState(action, nothingYet);
  return (
    <form action={submit} className="grid gap-3" key={spamFilter}>
      <select className="input" name="spamFilter" aria-label={text('title')} defaultValue={spamFilter}>
        {choices.map((one) => (
          <option key={one} value={one}>
            {text(one)}
          </option>
        ))}
      </select>
      <div className="flex items-center gap-3">
        <Button small type="submit" busy={busy}>
          {text('save')}
        </Button>
        <span role="status" className="hint">
          {state.done && !busy ? text('saved') : ''}
        </span>
      </div>
      <div role="alert">{state.error ? <ErrorText error={state.error} /> : null}</div>
    </form>
  );
}
