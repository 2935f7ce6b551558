import type { Services } from '../services.ts';
import { teachRspamd } from './checks/ask-rspamd.ts';
import { askChecker } from './checks/checker.ts';
import type { Pupil } from './learn-lessons.ts';

/** rspamd learns what people move, where there is one. When it is away it misses a lesson, and nothing waits for it. */
export function pupilOf(services: Services): Pupil | undefined {
  const { rspamd, deadlineMs } = services.settings.spam;
  if (rspamd === null) return undefined;
  return async (raw, spam) => {
    await askChecker(services, { name: 'rspamd', where: rspamd, deadlineMs: Math.min(deadlineMs, 5_000) }, (signal) =>
      teachRspamd(rspamd, raw, spam, signal),
    );
  };
}
