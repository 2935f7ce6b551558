import type { ReactNode } from 'react';
import { classes } from './classes.ts';

/** A sheet of paper on the desk. `next` is the one with the yellow edge: the next step. */
export function Sheet({
  next = false,
  className,
  labelledBy,
  children,
}: {
  next?: boolean;
  className?: string;
  labelledBy?: string;
  children: ReactNode;
}) {
  return (
    <section className={classes('sheet', next && 'next', className)} aria-labelledby={labelledBy}>
      {children}
    </section>
  );
}
