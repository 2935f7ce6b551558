'use client';

import { useActionState } from 'react';
import { Button } from '../ui/button.tsx';
import { ErrorText } from '../ui/field.tsx';
import { nothingYet, type FormAction } from './form-state.ts';

interface Props<Choice extends string> {
  /** of the field in the form */
  name: string;
  choices: readonly Choice[];
  value: Choice;
  action: FormAction;
  /** the words of a choice, and of the form */
  text: (key: Choice | 'title' | 'save' | 'saved') => string;
}

/** One choice of a few, saved by a button. */
export function ChoiceForm<Choice extends string>({ name, choices, value, action, text }: Props<Choice>) {
  const [state, submit, busy] = useActionState(action, nothingYet);
  return (
    <form action={submit} className="grid gap-3" key={value}>
      <select className="input" name={name} aria-label={text('title')} defaultValue={value}>
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
