import { onceInProcess } from '../config/once-in-process.ts';

/**
 * Places that one mailbox may hold of something at the same time, so that one reader never takes them from all. Counted by mailbox: the
 * web stands before the mail server with one address for everybody.
 */
export interface Places {
  /** Takes a place; null: all are taken. The answer gives it back, once. */
  take(mailboxId: number, most: number): (() => void) | null;
}

const kinds = onceInProcess('webmail.places', () => new Map<string, Map<number, number>>());

export function placesFor(kind: string): Places {
  const taken = kinds.get(kind) ?? new Map<number, number>();
  kinds.set(kind, taken);
  return {
    take(mailboxId, most) {
      const before = taken.get(mailboxId) ?? 0;
      if (before >= most) return null;
      taken.set(mailboxId, before + 1);
      let given = false;
      return () => {
        if (given) return;
        given = true;
        const left = (taken.get(mailboxId) ?? 1) - 1;
        if (left > 0) taken.set(mailboxId, left);
        else taken.delete(mailboxId);
      };
    },
  };
}
