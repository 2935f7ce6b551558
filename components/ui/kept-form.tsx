'use client';

import { startTransition, useEffect, useLayoutEffect, useRef, type ComponentProps, type RefObject } from 'react';
import { useAskFirst } from './use-ask-first.tsx';

interface Props extends Omit<ComponentProps<'form'>, 'action' | 'onSubmit' | 'ref'> {
  action: (form: FormData) => void;
  /** what the action answered last: its fields are emptied once that is "done" */
  emptyAfter?: { done: boolean };
  /** one writes in it: until the action answered "done", it is not left without a question */
  askUntil?: { done: boolean };
}

/** What is typed in it, as one text. React's own hidden fields are nobody's. */
const typedIn = (form: HTMLFormElement): string =>
  JSON.stringify([...new FormData(form)].filter(([name]) => !name.startsWith('$')).map(([name, value]) => [name, String(value)]));

/** Where the focus was in a form that is being taken away. Counted from the end: what the server renders has hidden fields in front. */
let focused: { place: Element | null; label: string | null; fromEnd: number } | null = null;

/**
 * A form whose fields stay as they were typed while something is in the way: React empties those of an action once it is answered.
 * With another key it begins anew, in the same place with what was saved; the focus stays on its control (WCAG 2.4.3).
 */
export function KeptForm({ action, emptyAfter, askUntil, ...rest }: Props) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (emptyAfter?.done) form.current?.reset();
  }, [emptyAfter]);
  useLayoutEffect(() => {
    const shown = form.current;
    if (!shown) return;
    const place = shown.parentElement;
    const label = shown.getAttribute('aria-label');
    if (focused?.place === place && focused.label === label) {
      const control = shown.elements[shown.elements.length - focused.fromEnd];
      if (control instanceof HTMLElement) control.focus();
    }
    return () => {
      const { activeElement } = document;
      if (!activeElement || !shown.contains(activeElement)) return;
      focused = { place, label, fromEnd: shown.elements.length - [...shown.elements].indexOf(activeElement) };
      // What takes its place is there within the same task, or nothing does.
      queueMicrotask(() => {
        focused = null;
      });
    };
  }, []);
  return (
    <>
      <form
        {...rest}
        ref={form}
        action={action}
        onSubmit={(event) => {
          event.preventDefault();
          // Enter, pressed twice: a second answer would take the place of the first, and of a password that is shown once.
          if (event.currentTarget.querySelector('button[aria-busy="true"]')) return;
          const given = new FormData(event.currentTarget);
          startTransition(() => action(given));
        }}
      />
      {askUntil ? <AskFirst form={form} until={askUntil} /> : null}
    </>
  );
}

function AskFirst({ form, until }: { form: RefObject<HTMLFormElement | null>; until: { done: boolean } }) {
  const saved = useRef('');
  // fields that come and go by what is chosen beside the form were not written by anybody
  const isTouched = useRef(false);
  useEffect(() => {
    const shown = form.current;
    if (!shown) return;
    const touch = (): void => {
      isTouched.current = true;
    };
    saved.current = typedIn(shown);
    shown.addEventListener('input', touch);
    return () => shown.removeEventListener('input', touch);
  }, [form]);
  useEffect(() => {
    if (!form.current || !until.done) return;
    saved.current = typedIn(form.current);
    isTouched.current = false;
  }, [form, until]);
  return useAskFirst(() => isTouched.current && form.current !== null && typedIn(form.current) !== saved.current).question;
}
