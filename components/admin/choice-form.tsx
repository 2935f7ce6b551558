'use client';

import { nothingYet, type FormAction } from '../ui/form-state.ts';
import { KeptForm } from '../ui/kept-form.tsx';
import { SaveRow } from '../ui/save-row.tsx';
import { useAction } from '../ui/use-action.ts';

interface Props<Choice extends string> {
  /** of the field in the form */
  name: string;
  choices: readonly Choice[];
  value: Choice;
  action: FormAction;
  /** the words of a choice, and what is chosen */
  text: (key: Choice | 'title') => string;
}

/** One choice of a few, saved by a button. */
export function ChoiceForm<Choice extends string>({ name, choices, value, action, text }: Props<Choice>) {
  const [state, submit, busy] = useAction(action, nothingYet);
  return (
    <KeptForm action={submit} askUntil={state} className="grid gap-3" key={value}>
      <select className="input" name={name} aria-label={text('title')} defaultValue={value}>
        {choices.map((one) => (
          <option key={one} value={one}>
            {text(one)}
          </option>
        ))}
      </select>
      <SaveRow {...state} busy={busy} small />
    </KeptForm>
  );
}
