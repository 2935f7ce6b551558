'use client';

import { startTransition, useEffect, useRef, type ComponentProps } from 'react';

interface Props extends Omit<ComponentProps<'form'>, 'action' | 'onSubmit' | 'ref'> {
  action: (form: FormData) => void;
  /** what the action answered last: its fields are emptied once that is "done" */
  emptyAfter?: { done: boolean };
}

/** A form whose fields stay as they were typed while something is in the way: React empties those of an action once it is answered. */
export function KeptForm({ action, emptyAfter, ...rest }: Props) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (emptyAfter?.done) form.current?.reset();
  }, [emptyAfter]);
  return (
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
  );
}
