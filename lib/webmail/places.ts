import { onceInProcess } from '../config/once-in-process.ts';
import { BoundedCounts } from '../workers/bounded-counts.ts';

/**
 * Takes one of the `most` places that a mailbox may hold of something at the same time, so that one reader never takes them from all; null: it has
 * them all. The answer gives it back, once. Counted by mailbox: the web stands before the mail server with one address for everybody.
 */
export function takePlace(kind: 'streams' | 'uploads', mailboxId: number, most: number): (() => void) | null {
  const counts = onceInProcess(`webmail.places.${kind}`, () => new BoundedCounts<number>(most));
  if (!counts.enter(mailboxId)) return null;
  let isTaken = true;
  return () => {
    if (isTaken) counts.leave(mailboxId);
    isTaken = false;
  };
}
