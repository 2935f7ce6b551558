import { momentOf, wallClock } from '#lib/webmail/calendar/zoned-instant.ts';
import { clockBehindMs } from '../server-clock.ts';

type LaterKey = 'laterEvening' | 'laterTomorrow' | 'laterMonday';

/** Moments that people choose, by the clock of their zone (the server's: theirs may be wrong): this evening while it is far enough, tomorrow morning, Monday morning. */
export function laterTimes(zone: string, at: number): { key: LaterKey; at: Date }[] {
  const now = wallClock(zone, at + clockBehindMs());
  const on = (days: number, hour: number) =>
    momentOf(zone, Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + days, hour));
  const times: { key: LaterKey; at: Date }[] = [];
  if (now.getUTCHours() < 17) times.push({ key: 'laterEvening', at: on(0, 18) });
  times.push({ key: 'laterTomorrow', at: on(1, 8) });
  const toMonday = (8 - now.getUTCDay()) % 7 || 7;
  if (toMonday > 1) times.push({ key: 'laterMonday', at: on(toMonday, 8) });
  return times;
}
