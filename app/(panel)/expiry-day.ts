import { dayOf, endOfDay } from '#lib/webmail/calendar/day-bounds.ts';

/** When something that is valid up to and including a day ends, of a day as date fields write it; null: it is none, or over. */
export function expiryOf(day: string, zone: string, now: number): Date | null {
  const end = endOfDay(day, zone);
  return end && end.getTime() > now ? end : null;
}

/** The last day on which it is valid, as a date field wants it. */
export const lastDayOf = (expiresAt: Date, zone: string): string => dayOf(expiresAt.getTime() - 1, zone);
