'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '../../ui/button.tsx';
import { ErrorText, SelectField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { KeptForm } from '../../ui/kept-form.tsx';
import { useAction, useStep } from '../../ui/use-action.ts';
import { nothingYet, type FormAction } from '../../ui/form-state.ts';

interface Props {
  senders: readonly { id: number; display: string; onBehalf: boolean }[];
  mailboxes: readonly { id: number; display: string }[];
  action: FormAction;
}

/** Which mailboxes may write as this address. */
export function SenderList({ senders, mailboxes, action }: Props) {
  const text = useTranslations('panel.addresses');
  const [state, submit, busy] = useAction(action, nothingYet);
  const [, start] = useStep();
  const left = mailboxes.filter(({ id }) => !senders.some((sender) => sender.id === id));
  const drop = (id: number) =>
    start(() => {
      const form = new FormData();
      form.set('mailbox', String(id));
      form.set('way', 'not');
      submit(form);
    });
  return (
    <>
      {senders.length === 0 ? <p className="hint mt-3">{text('noSenders')}</p> : null}
      <ul className="lines">
        {senders.map(({ id, display, onBehalf }) => (
          <li key={id}>
            <span className="grow">
              <span className="mono block">{display}</span>
              <span className="hint">{text(`ways.${onBehalf ? 'on-behalf' : 'as'}`)}</span>
            </span>
            <IconButton small label={text('removeSender', { address: display })} onClick={() => drop(id)}>
              <Icon of={X} size={16} />
            </IconButton>
          </li>
        ))}
      </ul>
      {left.length === 0 ? null : (
        <KeptForm action={submit} className="grid gap-3 mt-3" aria-label={text('senders')} emptyAfter={state}>
          <SelectField label={text('sender')} name="mailbox">
            {left.map(({ id, display }) => (
              <option key={id} value={id}>
                {display}
              </option>
            ))}
          </SelectField>
          <SelectField label={text('way')} name="way">
            {(['as', 'on-behalf'] as const).map((way) => (
              <option key={way} value={way}>
                {text(`ways.${way}`)}
              </option>
            ))}
          </SelectField>
          <div>
            <Button type="submit" small busy={busy}>
              {text('addSender')}
            </Button>
          </div>
        </KeptForm>
      )}
      <div role="alert">{state.error ? <ErrorText error={state.error} /> : null}</div>
    </>
  );
}
