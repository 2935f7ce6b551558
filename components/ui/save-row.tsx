import { useTranslations } from 'next-intl';
import { Button, type ButtonKind } from './button.tsx';
import { ErrorText, type FieldError } from './field.tsx';

interface Props {
  done: boolean;
  busy: boolean;
  /** why it was not saved; absent where a field says it */
  error?: FieldError | null;
  kind?: ButtonKind;
  small?: boolean;
}

/** The end of a form that saves: its button, that it was saved, or why not. */
export function SaveRow({ done, busy, error, kind = 'plain', small = false }: Props) {
  const text = useTranslations('common');
  return (
    <>
      <div className="flex items-center gap-3">
        <Button kind={kind} small={small} type="submit" busy={busy}>
          {text('save')}
        </Button>
        <span role="status" className="hint">
          {done && !busy ? text('saved') : ''}
        </span>
      </div>
      {error === undefined ? null : <div role="alert">{error ? <ErrorText error={error} /> : null}</div>}
    </>
  );
}
