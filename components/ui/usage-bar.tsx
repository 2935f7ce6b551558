import { classes } from './classes.ts';

/** used of total: ink blue, amber from 80 %, red at 100 %. The numbers stand beside it in text, so the bar itself is silent. */
export function UsageBar({ used, total, className }: { used: number; total: number; className?: string }) {
  const share = total > 0 ? Math.min(used / total, 1) : 0;
  return (
    <span className={classes('bar', share >= 1 ? 'bad' : share >= 0.8 && 'warn', className)} aria-hidden="true">
      <i style={{ width: `${share === 0 ? 0 : Math.max(share * 100, 0.8)}%` }} />
    </span>
  );
}
