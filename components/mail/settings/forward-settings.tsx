'use client';

import { CircleAlert, Clock, Forward, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useOptimistic } from 'react';
import { nothingYet, type FormAction, type FormState } from '../../ui/form-state.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorText, type FieldError } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { KeptForm } from '../../ui/kept-form.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAction, useStep } from '../../ui/use-action.ts';

export interface ShownForward {
  id: number;
  /** as it is kept, and as people read it */
  target: string;
  display: string;
  keep: boolean;
  /** asked: its receiver has not agreed yet; forbidden: by the customer */
  state: 'on' | 'asked' | 'paused' | 'forbidden';
  pauseReason: string;
  /** the administrator who set it; null: the mailbox's own user */
  setBy: string | null;
}

interface Props {
  forwards: readonly ShownForward[];
  forwardsOutside: boolean;
  add: FormAction;
  confirm: (id: number, state: FormState, form: FormData) => Promise<FormState>;
  keep: (keep: boolean) => Promise<FieldError | null>;
  remove: (id: number) => Promise<FieldError | null>;
  resume: (id: number) => Promise<FieldError | null>;
}

/** Addresses that letters are passed on to. */
export function ForwardSettings({ forwards, forwardsOutside, add, confirm, keep, remove, resume }: Props) {
  const text = useTranslations('rules.forward');
  const [state, submit, adding] = useAction(add, nothingYet);
  const [busy, start] = useStep();
  const [keeps, showKeeps] = useOptimistic(forwards.length === 0 || forwards.some((forward) => forward.keep));
  const take = (step: () => Promise<FieldError | null>, said: string) =>
    start(async () => {
      const error = await step();
      showToast({ text: error ? `${error.text} ${error.code ?? ''}` : said, seconds: error ? 15 : 5 });
    });
  const askAgain = (target: string) =>
    take(async () => (await add(nothingYet, formOf({ target, keep: keeps ? 'on' : '' }))).error, text('codeSent', { target }));
  return (
    <div className="grid gap-4">
      {forwards.length === 0 ? <p className="hint">{text('none')}</p> : null}
      <ul className="lines" aria-label={text('title')}>
        {forwards.map((forward) => (
          <li key={forward.id} className="forward-line">
            <Icon of={forward.state === 'on' ? Forward : forward.state === 'asked' ? Clock : CircleAlert} />
            <div className="grow">
              <span className="mono">{forward.display}</span>
              <p className="hint">
                {text(`state.${forward.state}`)}
                {forward.state === 'paused' && forward.pauseReason ? ` (${forward.pauseReason})` : ''}
                {forward.setBy === null ? '' : ` ${text('setBy', { name: forward.setBy })}`}
              </p>
              {forward.state === 'asked' ? (
                <CodeForm forward={forward} confirm={confirm.bind(null, forward.id)} again={() => askAgain(forward.target)} />
              ) : null}
              {forward.state === 'paused' ? (
                <Button small busy={busy} onClick={() => take(() => resume(forward.id), text('resumed', { target: forward.display }))}>
                  {text('resume')}
                </Button>
              ) : null}
            </div>
            <IconButton
              small
              label={text('remove', { target: forward.display })}
              onClick={() => take(() => remove(forward.id), text('removed', { target: forward.display }))}
            >
              <Icon of={X} size={16} />
            </IconButton>
          </li>
        ))}
      </ul>
      <KeptForm action={submit} emptyAfter={state} aria-label={text('add')} className="grid gap-4" noValidate>
        <div className="oneline">
          <input
            className="input grow mono"
            name="target"
            type="email"
            aria-label={text('target')}
            placeholder={text('placeholder')}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={254}
          />
          <Button kind="primary" type="submit" busy={adding}>
            {text('addButton')}
          </Button>
        </div>
        <input type="hidden" name="keep" value={keeps ? 'on' : ''} />
      </KeptForm>
      <div role="alert">{state.error ? <ErrorText error={state.error} /> : null}</div>
      <p className="hint">{text(forwardsOutside ? 'outsideHint' : 'insideOnly')}</p>
      {forwards.length === 0 ? null : (
        <div className="field">
          <label className="check">
            <input
              type="checkbox"
              checked={keeps}
              onChange={(event) => {
                // not disabled: who works by keyboard would be thrown out of it
                if (busy) return;
                const wanted = event.target.checked;
                take(
                  () => {
                    showKeeps(wanted);
                    return keep(wanted);
                  },
                  text(wanted ? 'kept' : 'notKept'),
                );
              }}
            />{' '}
            {text('keep')}
          </label>
          <p className="hint">{text('keepHint')}</p>
        </div>
      )}
    </div>
  );
}

function CodeForm({ forward, confirm, again }: { forward: ShownForward; confirm: FormAction; again: () => void }) {
  const text = useTranslations('rules.forward');
  const [state, submit, busy] = useAction(confirm, nothingYet);
  return (
    <KeptForm action={submit} className="code-form" aria-label={text('codeOf', { target: forward.display })}>
      <input
        className="input mono"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={20}
        aria-label={text('code')}
        placeholder={text('code')}
      />
      <Button small type="submit" busy={busy}>
        {text('confirm')}
      </Button>
      <Button small kind="quiet" onClick={again}>
        {text('sendAgain')}
      </Button>
      <div role="alert" className="w-full">
        {state.error ? <ErrorText error={state.error} /> : null}
      </div>
    </KeptForm>
  );
}

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}
