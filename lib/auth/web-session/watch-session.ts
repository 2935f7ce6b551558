import { database } from '../../db/prisma.ts';
import { onceInProcess } from '../../config/once-in-process.ts';

const everyMs = 1_000;

/** What holds something open for a session: an event stream, a connection to the mail server. */
interface Watched {
  sessionId: number;
  ended: () => void;
}

interface Watch {
  all: Set<Watched>;
  timer: NodeJS.Timeout | null;
}

const watch = onceInProcess('web.session-watch', (): Watch => ({ all: new Set(), timer: null }));

/**
 * Calls `ended` once, within a second or two after the session ended, in whatever process. One question a second for all of them, none
 * while nothing is open. Returns the end of watching.
 */
export function watchSession(sessionId: number, ended: () => void): () => void {
  const watched = { sessionId, ended };
  watch.all.add(watched);
  schedule();
  return () => void watch.all.delete(watched);
}

function schedule(): void {
  if (watch.timer || watch.all.size === 0) return;
  watch.timer = setTimeout(() => {
    void look()
      // the database is away: the next look will tell
      .catch(() => undefined)
      .finally(() => {
        watch.timer = null;
        schedule();
      });
  }, everyMs).unref();
}

async function look(): Promise<void> {
  const asked = [...watch.all];
  const ids = [...new Set(asked.map(({ sessionId }) => sessionId))];
  const rows = await database().$queryRaw<
    { id: bigint }[]
  >`select id from web_session where id = any(${ids}::bigint[]) and expires_at > now()`;
  const open = new Set(rows.map(({ id }) => Number(id)));
  for (const one of asked) if (!open.has(one.sessionId) && watch.all.delete(one)) one.ended();
}
