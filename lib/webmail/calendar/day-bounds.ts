import { instantIn } from './zoned-instant.ts';

/**
 * When the day "2026-07-03" begins in a time zone; null for what is no day of a calendar, and for one before 1970: a date field gives
 * "0026-07-03" for a year of two digits.
 */
export function startOfDay(day: string, zone: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const inUtc = Date.parse(`${day}T00:00:00Z`);
  // "2026-02-31" would be a day in March
  if (!(inUtc >= 0) || new Date(inUtc).toISOString().slice(0, 10) !== day) return null;
  return new Date(instantIn(`${day}T00:00:00`, zone));
}

/** When the day after it begins: the end of what lasts up to and including that day. Null too for the last day of 9999, which has none. */
export function endOfDay(day: string, zone: string): Date | null {
  const start = startOfDay(day, zone);
  // a day has 23 to 25 hours; 36 hours later it is the next one everywhere
  return start && startOfDay(dayOf(start.getTime() + 36 * 3_600_000, zone), zone);
}

/** "2026-07-03": the day of a moment in a time zone. */
export const dayOf = (at: number, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
