'use client';

import { CircleAlert } from 'lucide-react';
import { useEffect, useId, useRef, type ComponentProps, type ReactNode } from 'react';
import { classes } from './classes.ts';
import { Icon } from './icon.tsx';

/** What went wrong in words, and the code that support can look up. */
export interface FieldError {
  text: string;
  code?: string;
  /** the name of the form's field that it is about */
  field?: string | undefined;
}

/** A password is typed anew: what nobody can read nobody mends. */
function landOn(field: HTMLElement): void {
  field.focus();
  if (field instanceof HTMLInputElement && field.type === 'password') field.select();
}

/** Says what is wrong; whoever sent the form lands on the field that it is about: the one it names, the first that is marked as invalid nearby, or that the browser finds wanting. */
export function ErrorText({ id, error }: { id?: string; error: FieldError }) {
  const own = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const form = own.current?.closest('form');
    const isMarked = form?.querySelector('[aria-invalid="true"]');
    const named = error.field
      ? form?.elements.namedItem(error.field)
      : isMarked
        ? null
        : form?.querySelector(':is(input, select, textarea):invalid');
    if (named instanceof HTMLElement) {
      landOn(named);
      // what the form has marked, it takes back
      if (named.matches('[aria-invalid="true"]')) return undefined;
      named.setAttribute('aria-invalid', 'true');
      return () => named.removeAttribute('aria-invalid');
    }
    for (let around = own.current?.parentElement; around && !around.matches('main, body'); around = around.parentElement) {
      const wrong = around.querySelector<HTMLElement>('[aria-invalid="true"]');
      if (!wrong) continue;
      const form = wrong.closest('form');
      landOn(form?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? wrong);
      break;
    }
    return undefined;
  }, [error]);
  return (
    <p className="err" id={id} ref={own}>
      <Icon of={CircleAlert} size={16} />
      <span>
        {error.text}
        {error.code ? (
          <>
            {' '}
            <code className="mono">{error.code}</code>
          </>
        ) : null}
      </span>
    </p>
  );
}

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: FieldError | null | undefined;
  /** Something on the right of the label, such as a link. */
  aside?: ReactNode;
  children: (control: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
  className?: string;
}

/** Label above, hint below; an error takes the hint's place. */
export function Field({ label, hint, error, aside, children, className }: FieldProps) {
  const id = useId();
  const note = `${id}-note`;
  return (
    <div className={classes('field', className)}>
      {aside ? (
        <div className="flex items-baseline justify-between gap-3">
          <label htmlFor={id}>{label}</label>
          {aside}
        </div>
      ) : (
        <label htmlFor={id}>{label}</label>
      )}
      {children({ id, ...(error || hint ? { 'aria-describedby': note } : {}), ...(error ? { 'aria-invalid': true as const } : {}) })}
      {error ? (
        <ErrorText id={note} error={error} />
      ) : hint ? (
        <p className="hint" id={note}>
          {hint}
        </p>
      ) : null}
    </div>
  );
}

type TextProps = Omit<ComponentProps<'input'>, 'children'> & Omit<FieldProps, 'children'> & { mono?: boolean };

export function TextField({ label, hint, error, aside, className, mono, ...input }: TextProps) {
  return (
    <Field label={label} hint={hint} error={error} aside={aside} {...(className ? { className } : {})}>
      {(control) => <input {...input} {...control} className={classes('input', mono && 'mono')} />}
    </Field>
  );
}

type SelectProps = ComponentProps<'select'> & Omit<FieldProps, 'children'>;

export function SelectField({ label, hint, error, aside, className, children, ...select }: SelectProps) {
  return (
    <Field label={label} hint={hint} error={error} aside={aside} {...(className ? { className } : {})}>
      {(control) => (
        <select {...select} {...control} className="input">
          {children}
        </select>
      )}
    </Field>
  );
}
