'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { nothingYet, type FormAction } from '../../ui/form-state.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorText, type FieldError } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { KeptForm } from '../../ui/kept-form.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAction, useStep } from '../../ui/use-action.ts';

interface Props {
  verdict: 'blocked' | 'allowed';
  senders: readonly { sender: string; display: string }[];
  add: FormAction;
  remove: (sender: string) => Promise<FieldError | null>;
}

/** One of the two lists. Removing can be undone, so nobody is asked. */
export function SenderSettings({ verdict, senders, add, remove }: Props) {
  const text = useTranslations('rules.senders');
  const [state, submit, busy] = useAction(add, nothingYet);
  const [, start] = useStep();
  const again = (sender: string) => {
    const form = new FormData();
    form.set('sender', sender);
    form.set('verdict', verdict);
    start(async () => {
      const { error } = await add(nothingYet, form);
      if (error) showToast({ text: error.text });
    });
  };
  const drop = ({ sender, display }: { sender: string; display: string }) =>
    start(async () => {
      const error = await remove(sender);
      showToast(error ? { text: error.text } : { text: text('removed', { sender: display }), undo: () => again(sender) });
    });
  return (
    <div className="grid gap-4 mt-4">
      {senders.length === 0 ? <p className="hint">{text(`${verdict}.none`)}</p> : null}
      <ul className="lines" aria-label={text(`${verdict}.title`)}>
        {senders.map((one) => (
          <li key={one.sender}>
            <span className="mono grow">{one.display}</span>
            <IconButton small label={text('remove', { sender: one.display })} onClick={() => drop(one)}>
              <Icon of={X} size={16} />
            </IconButton>
          </li>
        ))}
      </ul>
      <KeptForm action={submit} emptyAfter={state} className="oneline" aria-label={text(`${verdict}.add`)} noValidate>
        <input type="hidden" name="verdict" value={verdict} />
        <input
          className="input grow mono"
          name="sender"
          aria-label={text('sender')}
          placeholder={text('placeholder')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={254}
        />
        <Button type="submit" busy={busy}>
          {text(`${verdict}.button`)}
        </Button>
      </KeptForm>
      <div role="alert">{state.error ? <ErrorText error={state.error} /> : null}</div>
    </div>
  );
}
