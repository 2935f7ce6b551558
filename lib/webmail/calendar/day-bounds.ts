import { instantIn } from './zoned-instant.ts';

/** When the day "2026-07-03" begins in a time zone; null for what is no day. */
export function startOfDay(day: string, zone: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  if (Number.isNaN(Date.parse(`${day}T00:00:00Z`))) return null;
  return new Date(instantIn(`${day}T00:00:00`, zone));
}

/** When the day after it begins: the end of what lasts up to and including that day. */
export function endOfDay(day: string, zone: string): Date | null {
  const start = startOfDay(day, zone);
  // a day has 23 to 25 hours; 36 hours later it is the next one everywhere
  return start && startOfDay(dayOf(start.getTime() + 36 * 3_600_000, zone), zone);
}

/** "2026-07-03": the day of a moment in a time zone. */
export const dayOf = (at: number, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
