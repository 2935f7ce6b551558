import { Button } from '../ui/button.tsx';
import { ErrorText } from '../ui/field.tsx';
import type { FormState } from './form-state.ts';

/** The end of a small form: its button, that it was saved, or why not. */
export function SaveRow({ state, busy, save, saved }: { state: FormState; busy: boolean; save: string; saved: string }) {
  return (
    <>
      <div className="flex items-center gap-3">
        <Button small type="submit" busy={busy}>
          {save}
        </Button>
        <span role="status" className="hint">
          {state.done && !busy ? saved : ''}
        </span>
      </div>
      <div role="alert">{state.error ? <ErrorText error={state.error} /> : null}</div>
    </>
  );
}
