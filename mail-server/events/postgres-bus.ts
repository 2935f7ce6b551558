import type { Logger } from 'pino';
import type { AccountId } from '../../lib/db/ids.ts';
import { repeat } from '../repeat.ts';
import type { ChangeHint, EventBus, WatchedAccounts } from './event-bus.ts';
import { formatHints, parseHints } from './hint-payload.ts';
import { ListeningConnection } from './listening-connection.ts';
import { answerChannel, parseQuestion, type Question } from './operator-questions.ts';

/** hints are gathered for so long before they are sent */
const gatherMs = 10;

export interface PostgresBusOptions {
  connectionString: string;
  log: Logger;
  /** MODSEQs of accounts (store/counter-poll.ts); a rejection is taken as "the database is away" */
  readModseqs: (accounts: readonly AccountId[]) => Promise<ReadonlyMap<AccountId, number>>;
  /** pause between polls of the watched accounts, ms */
  pollMs?: number;
}

export interface PostgresBus extends EventBus {
  /** Answers what the operator's commands ask all processes; one function a process. It must not throw. */
  onQuestion(answer: (asked: Question) => string[]): void;
}

/**
 * Hints over LISTEN and NOTIFY on one connection of its own, opened in the background and again after each loss. NOTIFY is sent outside of
 * every writing transaction: at COMMIT it takes a lock that is one for the whole cluster.
 */
export function openPostgresBus(options: PostgresBusOptions): PostgresBus {
  const { pollMs = 4000, log } = options;
  const listeners = new Set<(hint: ChangeHint) => void>();
  const tell = (hint: ChangeHint): void => {
    for (const listener of listeners) listener(hint);
  };
  let answer = (_asked: Question): string[] => [];
  const connection = new ListeningConnection({
    connectionString: options.connectionString,
    log,
    onPayload: (payload) => parseHints(payload).forEach(tell),
    onQuestion: (payload) => {
      const asked = parseQuestion(payload);
      // who asked and hears nothing says so himself
      if (asked) connection.notify(answer(asked), answerChannel(asked.id)).catch(() => undefined);
    },
    // what was said while nobody listened is lost: from the first connection on, everything may have changed
    onConnected: () => {
      tell('everything');
      send();
    },
  });

  let waiting = new Set<AccountId>();
  let timer: NodeJS.Timeout | null = null;
  let sending = 0;
  const send = (): void => {
    timer = null;
    if (waiting.size === 0 || !connection.isOpen) return; // sent when the connection is back
    const accounts = waiting;
    waiting = new Set();
    sending++;
    connection
      .notify(formatHints(accounts))
      .catch(() => {
        for (const account of accounts) waiting.add(account);
      })
      .finally(() => {
        sending--;
        if (waiting.size > 0) gather();
      });
  };
  /** While some are on their way the next ones gather: a slow database is told less often, not later and later. */
  const gather = (): void => {
    if (sending === 0) timer ??= setTimeout(send, gatherMs);
  };

  let watched: WatchedAccounts = () => [];
  const poll = repeat(
    createPoll(() => watched(), options, tell),
    { everyMs: pollMs },
  );
  return {
    publish(account) {
      tell(account);
      waiting.add(account);
      gather();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watch(accounts) {
      watched = accounts;
    },
    onQuestion(listener) {
      answer = listener;
    },
    async close() {
      void poll.stop();
      if (timer) clearTimeout(timer);
      send();
      await connection.close();
    },
  };
}

/** A round of the poll: tells of each watched account that went on without a hint. */
function createPoll(
  watched: WatchedAccounts,
  { log, readModseqs }: Pick<PostgresBusOptions, 'log' | 'readModseqs'>,
  tell: (hint: ChangeHint) => void,
): () => Promise<void> {
  let seen: ReadonlyMap<AccountId, number> = new Map();
  return async () => {
    const known = new Map(watched());
    if (known.size === 0) return;
    try {
      const now = await readModseqs([...known.keys()]);
      for (const [account, modseq] of now) {
        if (modseq > Math.max(known.get(account) ?? 0, seen.get(account) ?? 0)) tell(account);
      }
      seen = now; // forgets who is no longer watched
    } catch (error) {
      log.warn({ err: error }, 'poll of the change counters failed');
    }
  };
}
