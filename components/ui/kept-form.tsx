'use client';

import { startTransition, type ComponentProps } from 'react';

interface Props extends Omit<ComponentProps<'form'>, 'action' | 'onSubmit'> {
  action: (form: FormData) => void;
}

/** A form whose fields stay as they were typed while something is in the way: React empties those of an action once it is answered. */
export const KeptForm = ({ action, ...rest }: Props) => (
  <form
    {...rest}
    action={action}
    onSubmit={(event) => {
      event.preventDefault();
      const form = new FormData(event.currentTarget);
      startTransition(() => action(form));
    }}
  />
);
