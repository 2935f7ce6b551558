import type { ReactNode } from 'react';
import { classes } from './classes.ts';

export type ChipTone = 'plain' | 'line' | 'ok' | 'warn' | 'bad' | 'info';

/** A short word in a box. State colours never stand without their word. */
export function Chip({ tone = 'plain', className, children }: { tone?: ChipTone; className?: string; children: ReactNode }) {
  return <span className={classes('chip', tone !== 'plain' && tone, className)}>{children}</span>;
}
