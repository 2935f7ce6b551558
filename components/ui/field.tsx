'use client';

import { CircleAlert } from 'lucide-react';
import { useEffect, useId, type ComponentProps, type ReactNode } from 'react';
import { classes } from './classes.ts';
import { Icon } from './icon.tsx';

/** What went wrong in words, and the code that support can look up. */
export interface FieldError {
  text: string;
  code?: string;
}

export function ErrorText({ id, error }: { id?: string; error: FieldError }) {
  return (
    <p className="err" id={id}>
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
  // Whoever sent the form goes to the first field that is wrong.
  useEffect(() => {
    if (!error) return;
    const control = document.getElementById(id);
    const first = control?.closest('form')?.querySelector('[aria-invalid="true"]') ?? control;
    if (control !== null && first === control) control.focus();
  }, [error, id]);
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
