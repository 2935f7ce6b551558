import type { ImapFlow } from 'imapflow';
import { webLimits } from '../../config/web-limits.ts';
import { watchSession } from '../../auth/web-session/watch-session.ts';
import { asMailError, connectImap } from './connect-imap.ts';
import { MailError } from './mail-error.ts';
import { mailHost } from './mail-host.ts';
import { Memories, type Memory } from './memories.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import { onceInProcess } from '../../config/once-in-process.ts';

const idleMs = 120_000;
const queueWaitMs = 30_000;

/**
 * One IMAP connection per mailbox and web process, for commands. Work is done one after the other, because IMAP has one selected
 * folder per connection and because a second connection would cost the mail server more than the short wait costs the reader.
 * Closed after two idle minutes, at once when the mailbox's credentials changed, and when the sign-in it was opened for has ended: another
 * one of the same mailbox opens the next.
 */
interface PooledConnection {
  client: Promise<ImapFlow> | null;
  credentialVersion: number;
  /** of whose sign-in the connection is; null: the house's own */
  sessionId: number | null;
  unwatch: () => void;
  waiting: number;
  /** settles when the work before is done; never rejects */
  tail: Promise<void>;
  idleTimer: NodeJS.Timeout | null;
  /** folder indexes of this connection, see folder-index.ts */
  memory: Memory;
}

const { pool, memories } = onceInProcess('webmail.imap-pool', () => ({
  pool: new Map<number, PooledConnection>(),
  memories: new Memories(webLimits.indexed.ofAll),
}));

export interface ImapWork {
  client: ImapFlow;
  /** what was learnt of this mailbox's folders; lives as long as the pooled connection, or until others need the room */
  memory: Memory;
}

function entryFor(mailbox: MailboxIdentity): PooledConnection {
  const found = pool.get(mailbox.mailboxId);
  if (found && found.credentialVersion === mailbox.credentialVersion) return found;
  if (found) void closeEntry(mailbox.mailboxId, found);
  const entry: PooledConnection = {
    client: null,
    credentialVersion: mailbox.credentialVersion,
    sessionId: mailbox.sessionId,
    unwatch: () => {},
    waiting: 0,
    tail: Promise.resolve(),
    idleTimer: null,
    memory: new Map(),
  };
  pool.set(mailbox.mailboxId, entry);
  belongTo(mailbox, entry);
  return entry;
}

function belongTo({ mailboxId, sessionId }: MailboxIdentity, entry: PooledConnection): void {
  entry.unwatch();
  entry.sessionId = sessionId;
  entry.unwatch = sessionId === null ? () => {} : watchSession(sessionId, () => void closeEntry(mailboxId, entry));
}

async function closeEntry(mailboxId: number, entry: PooledConnection): Promise<void> {
  entry.unwatch();
  if (pool.get(mailboxId) === entry) pool.delete(mailboxId);
  await entry.tail;
  memories.forget(entry.memory);
  const client = await entry.client?.catch(() => null);
  entry.client = null;
  if (client?.usable) await client.logout().catch(() => client.close());
}

async function usableClient(mailbox: MailboxIdentity, entry: PooledConnection): Promise<ImapFlow> {
  const current = await entry.client?.catch(() => null);
  if (current?.usable) return current;
  // the mail server ends a connection with its sign-in: the next one belongs to whoever asks now
  if (mailbox.sessionId !== entry.sessionId) belongTo(mailbox, entry);
  entry.client = connectImap(mailbox, 'commands');
  return entry.client;
}

const isConnectionLoss = (error: unknown): boolean => error instanceof MailError && error.code === 'Unreachable';

/**
 * Runs `work` on the mailbox's connection, alone. A connection that turns out to be dead is opened anew once when `retry` is set
 * (reading; work that changes something is never repeated). Throws MailError.
 */
export function withImap<T>(mailbox: MailboxIdentity, work: (imap: ImapWork) => Promise<T>, options: { retry: boolean }): Promise<T> {
  const entry = entryFor(mailbox);
  if (entry.waiting >= mailHost().perMailbox.waiting) return Promise.reject(new MailError('TooManyWindows', String(entry.waiting)));
  entry.waiting += 1;
  const turn = entry.tail.then(async () => {
    if (entry.idleTimer) clearTimeout(entry.idleTimer);
    const run = async () => {
      const client = await usableClient(mailbox, entry);
      try {
        return await work({ client, memory: entry.memory });
      } catch (error) {
        throw asMailError(error);
      }
    };
    try {
      return await run();
    } catch (error) {
      if (!options.retry || !isConnectionLoss(error)) throw error;
      (await entry.client?.catch(() => null))?.close();
      entry.client = null;
      return run();
    } finally {
      memories.used(entry.memory);
      entry.idleTimer = setTimeout(() => void closeEntry(mailbox.mailboxId, entry), idleMs);
      entry.idleTimer.unref();
    }
  });
  const settled = () => {
    entry.waiting -= 1;
  };
  entry.tail = turn.then(settled, settled);
  return withDeadline(turn, queueWaitMs);
}

function withDeadline<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new MailError('Unreachable')), timeoutMs);
  });
  return Promise.race([promise, deadline]).finally(() => clearTimeout(timer));
}

/** Selects a folder for the time of `work`. Throws MailError NotFound if there is none of that name. */
export async function inFolder<T>(imap: ImapWork, folder: string, work: () => Promise<T>, options?: { readOnly: boolean }): Promise<T> {
  let lock: Awaited<ReturnType<ImapFlow['getMailboxLock']>>;
  try {
    lock = await imap.client.getMailboxLock(folder, { readOnly: options?.readOnly ?? false, acquireTimeout: 20_000 });
  } catch (error) {
    const failure = asMailError(error);
    throw failure instanceof MailError && failure.code === 'Refused' ? new MailError('NotFound', folder, error) : failure;
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}
