import { endOfDay, startOfDay } from '#lib/webmail/calendar/day-bounds.ts';

/** From when and until when, of two days as date fields write them; null where one is none: read as no end, it would be an absence without one. */
export function absencePeriod(from: string, until: string, zone: string): { startsAt: Date | null; endsAt: Date | null } | null {
  if ([from, until].some((day) => day !== '' && startOfDay(day, zone) === null)) return null;
  return { startsAt: startOfDay(from, zone), endsAt: endOfDay(until, zone) };
}
