import { onceFor } from '../../../lib/config/once-for.ts';
import type { AccountId } from '../../../lib/db/ids.ts';
import { createSharedTurns } from '../../../lib/workers/shared-turns.ts';
import type { MailStore } from '../../store/mail-store.ts';
import { ConnectionLost } from '../serializer/response-writer.ts';
import type { Reader } from '../context.ts';
import { limits } from '../limits.ts';

const turnsOf = onceFor((_: MailStore) => createSharedTurns<AccountId>(limits.sorting));

/** SORT and THREAD take turns, by mailbox: whoever sorts a large folder on a hundred connections at once fills no memory, and reads it once. */
export async function takeTurn<T extends object>(
  { store, account, signal }: Pick<Reader, 'store' | 'account' | 'signal'>,
  work: () => Promise<T>,
): Promise<T> {
  const done = await turnsOf(store).run(account, work, signal);
  if (!done) throw new ConnectionLost();
  return done;
}
