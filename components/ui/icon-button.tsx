import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes.ts';

type Props = Omit<ComponentProps<'button'>, 'aria-label'> & { label: string; shortcut?: string; small?: boolean; children: ReactNode };

/** A button that is only an icon: the label is its accessible name and, with the key, its tooltip. */
export function IconButton({ label, shortcut, small, className, children, type = 'button', ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type}
      className={classes('ib', small && 's', className)}
      aria-label={label}
      aria-keyshortcuts={shortcut}
      title={shortcut ? `${label} (${shortcut})` : label}
    >
      {children}
    </button>
  );
}
