import { useFormatter } from 'next-intl';
import type { CalendarMoment } from '#lib/webmail/calendar/invitation.ts';

const day = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** Days and times without a zone are the same everywhere: they are written as they stand. */
const fixed = ({ kind }: CalendarMoment): { timeZone?: string } => (kind === 'instant' ? {} : { timeZone: 'UTC' });

export const dateOf = ({ kind, at }: CalendarMoment): Date =>
  new Date(kind === 'instant' ? at : kind === 'day' ? `${at}T00:00Z` : `${at}Z`);

/** Moments of a calendar in words: whole, the day alone, the time alone. */
export function useMomentWords() {
  const format = useFormatter();
  return {
    whole: (moment: CalendarMoment, zone?: string): string =>
      format.dateTime(dateOf(moment), { ...day, ...(moment.kind === 'day' ? {} : time), ...(zone ? { timeZone: zone } : fixed(moment)) }),
    day: (moment: CalendarMoment): string => format.dateTime(dateOf(moment), { ...day, ...fixed(moment) }),
    time: (moment: CalendarMoment): string => format.dateTime(dateOf(moment), { ...time, ...fixed(moment) }),
  };
}
