'use client';

import { Pause } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '../ui/button.tsx';
import { ErrorText } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { useAction } from '../ui/use-action.ts';
import { nothingYet, type FormAction } from '../ui/form-state.ts';

/** What a mailbox sends is held, with the one click that releases it. `address`: named where several are listed. */
export function HeldSending({ reason, address = '', release }: { reason: 'strangers' | 'bounces'; address?: string; release: FormAction }) {
  const text = useTranslations('panel.heldSending');
  const [state, submit, busy] = useAction(release, nothingYet);
  return (
    <form action={submit} className="notice warn mt-4">
      <Icon of={Pause} />
      <span>
        {address === '' ? null : <b className="mono">{address} </b>}
        {text(reason)}
      </span>
      <Button small type="submit" busy={busy}>
        {text('release')}
      </Button>
      <span role="alert">{state.error ? <ErrorText error={state.error} /> : null}</span>
    </form>
  );
}
