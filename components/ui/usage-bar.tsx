import { storageState } from '#lib/config/storage-state.ts';
import { classes } from './classes.ts';

/** used of total: ink blue, amber where it fills, red where it is full. The numbers stand beside it in text, so the bar itself is silent. */
export function UsageBar({ used, total, className }: { used: number; total: number; className?: string }) {
  const share = total > 0 ? Math.min(used / total, 1) : 0;
  const state = storageState(used, total);
  return (
    <span className={classes('bar', state === 'full' ? 'bad' : state !== 'free' && 'warn', className)} aria-hidden="true">
      <i style={{ width: `${share === 0 ? 0 : Math.max(share * 100, 0.8)}%` }} />
    </span>
  );
}
