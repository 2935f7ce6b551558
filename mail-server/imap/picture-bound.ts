import type { AccountId } from '../../lib/db/ids.ts';
import type { FolderSnapshot } from '../store/mail-store.ts';
import { bytesOf } from '../store/folder-snapshot.ts';
import type { View } from './select/view.ts';

/** What the bound looks at in a session. */
export interface Holder {
  readonly principal: { accountId: AccountId } | null;
  readonly view: View | null;
  readonly busy: boolean;
  readonly lastActivity: number;
}

/**
 * A client that selected a folder and fell silent keeps the picture that it was shown, for its numbers must stay. Where all these pictures
 * together are more than `mostBytes`, the longest silent sessions end, first those of the mailbox that holds most.
 */
export function sessionsToEnd<Session extends Holder>(sessions: Iterable<Session>, mostBytes: number): Session[] {
  const holders = new Map<FolderSnapshot, Session[]>();
  const bytesOfMailbox = new Map<AccountId | null, number>();
  let total = 0;
  for (const session of sessions) {
    const shown = session.view?.shown;
    if (!shown) continue;
    const known = holders.get(shown);
    if (known) {
      known.push(session);
      continue;
    }
    holders.set(shown, [session]);
    total += bytesOf(shown);
    const mailbox = session.principal?.accountId ?? null;
    bytesOfMailbox.set(mailbox, (bytesOfMailbox.get(mailbox) ?? 0) + bytesOf(shown));
  }
  if (total <= mostBytes) return [];
  const heaviest = Array.from(bytesOfMailbox).sort((a, b) => b[1] - a[1]);
  const ended: Session[] = [];
  for (const [mailbox] of heaviest) {
    const pictures = Array.from(holders).filter(([, [session]]) => (session?.principal?.accountId ?? null) === mailbox);
    pictures.sort(([, a], [, b]) => lastUse(a) - lastUse(b));
    for (const [shown, held] of pictures) {
      if (total <= mostBytes) return ended;
      if (held.some(({ busy }) => busy)) continue;
      ended.push(...held);
      total -= bytesOf(shown);
    }
  }
  return ended;
}

const lastUse = (sessions: readonly Holder[]): number => sessions.reduce((latest, { lastActivity }) => Math.max(latest, lastActivity), 0);
