import type { ComponentProps, ReactNode } from 'react';
import Link from 'next/link';
import { classes } from './classes.ts';

export type ButtonKind = 'plain' | 'primary' | 'quiet' | 'danger' | 'danger-filled';

export const buttonClass = (kind: ButtonKind = 'plain', small = false, className?: string): string =>
  classes(
    'btn',
    kind === 'primary' && 'primary',
    kind === 'quiet' && 'quiet',
    kind.startsWith('danger') && 'danger',
    kind === 'danger-filled' && 'fill',
    small && 's',
    className,
  );

type Shape = { kind?: ButtonKind; small?: boolean; icon?: ReactNode };

/** One `primary` a view. While `busy` the width stays and the label says what is going on. */
export function Button({
  kind,
  small,
  icon,
  busy = false,
  className,
  children,
  type = 'button',
  onClick,
  ...rest
}: ComponentProps<'button'> & Shape & { busy?: boolean }) {
  return (
    <button
      {...rest}
      type={busy && type === 'submit' ? 'button' : type}
      className={buttonClass(kind, small, className)}
      aria-busy={busy || undefined}
      onClick={busy ? undefined : onClick}
    >
      {icon}
      {children}
    </button>
  );
}

export function ButtonLink({ kind, small, icon, className, children, ...rest }: ComponentProps<typeof Link> & Shape) {
  return (
    <Link {...rest} className={buttonClass(kind, small, className)}>
      {icon}
      {children}
    </Link>
  );
}
