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

const marked = '[aria-invalid="true"]';
const written = ':is(input:not([type="hidden"], [type="checkbox"], [type="radio"], [hidden]), textarea)';

/** The form that a sentence stands in, or stands under. */
const formNear = (sentence: Element): HTMLFormElement | null =>
  sentence.closest('form') ?? sentence.closest('[role="alert"]')?.parentElement?.querySelector<HTMLFormElement>(':scope > form') ?? null;

/** What a sentence is about: the field it names, one that names it, one that is marked as invalid, that the browser finds wanting, or the only one that is written in. */
function fieldOf(sentence: Element, { field }: FieldError): HTMLElement | null {
  const form = formNear(sentence);
  const named = field ? form?.elements.namedItem(field) : null;
  if (named instanceof HTMLElement && !named.matches('[type="hidden"]')) return named;
  // some stand in no form
  const described = document.querySelector<HTMLElement>(`[aria-describedby~="${sentence.id}"]`);
  if (described) return described;
  const wrong = form?.querySelector<HTMLElement>(marked) ?? form?.querySelector<HTMLElement>(':is(input, select, textarea):invalid');
  if (wrong || !form) return wrong ?? null;
  const [only, ...others] = form.querySelectorAll<HTMLElement>(written);
  return only && others.length === 0 ? only : null;
}

/** Says of a field that it is wrong, and which sentence says why (WCAG 1.3.1, 3.3.1). What its form says of it stays. */
function tie(field: HTMLElement, sentence: string): () => void {
  const before = ['aria-invalid', 'aria-describedby'].map((name) => [name, field.getAttribute(name)] as const);
  const described = (field.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean);
  if (!described.some((id) => id === sentence || document.getElementById(id)?.contains(document.getElementById(sentence))))
    field.setAttribute('aria-describedby', [...described, sentence].join(' '));
  field.setAttribute('aria-invalid', 'true');
  const after = before.map(([name]) => field.getAttribute(name));
  return () => {
    for (const [at, [name, value]] of before.entries()) {
      // written anew by the form meanwhile
      if (field.getAttribute(name) !== after[at]) continue;
      if (value === null) field.removeAttribute(name);
      else field.setAttribute(name, value);
    }
  };
}

/**
 * Says what is wrong, and ties it to the field that it is about, where whoever sent the form lands. No form needs to see to that. Each object
 * is an answer, and lands once: it comes from a state, never from the rendering, which would take the focus with every key.
 */
export function ErrorText({ id: given, error }: { id?: string; error: FieldError }) {
  const made = useId();
  const id = given ?? made;
  const own = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const field = own.current && fieldOf(own.current, error);
    if (!field) return undefined;
    // of several that their form has marked on the first
    landOn((field.matches(marked) && field.closest('form')?.querySelector<HTMLElement>(marked)) || field);
    return tie(field, id);
  }, [error, id]);
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
