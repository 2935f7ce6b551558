/** Wall clocks of a time zone: what people read and choose, whatever zone their browser is in. */
const parts = (timeZone: string, at: number): Record<string, number> =>
  Object.fromEntries(
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );

/** The clock of the zone at a moment, as if it were the clock of UTC. */
export function wallClock(timeZone: string, at: number): Date {
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts(timeZone, at);
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

/**
 * The moment at which the zone's clock shows this. Where it shows it twice (clocks are put back) it is the first of them that is not before `earliest`;
 * where it never does (put forward) it is as much later as the clock was put forward.
 */
export function momentOf(timeZone: string, wall: number, earliest = Number.NEGATIVE_INFINITY): Date {
  const offset = (at: number) => wallClock(timeZone, at).getTime() - Math.floor(at / 1000) * 1000;
  const dayMs = 86_400_000;
  const [before, after] = [offset(wall - dayMs), offset(wall + dayMs)];
  const fits = [wall - before, wall - after].filter((at) => wallClock(timeZone, at).getTime() === wall).toSorted((a, b) => a - b);
  return new Date(fits.find((at) => at >= earliest) ?? fits[0] ?? wall - before);
}

/** ISO 8601 instant of a local time, "2026-07-03T09:00:00", in a time zone (RFC 5545 section 3.3.5). */
export const instantIn = (local: string, zone: string): string => momentOf(zone, Date.parse(`${local}Z`)).toISOString();
