'use client';

import { useFormatter, useLocale, useTranslations } from 'next-intl';
import type { Recurrence } from '#lib/webmail/calendar/recurrence.ts';

/** "jede Woche am Montag und Mittwoch, bis 1. Jänner 2027". */
export function useRecurrenceWords(): (recurrence: Recurrence) => string {
  const text = useTranslations('mail.read.calendar.repeat');
  const format = useFormatter();
  const locale = useLocale();
  // the first of March 2026 was a Sunday
  const weekday = (day: number): string => format.dateTime(new Date(Date.UTC(2026, 2, 1 + day)), { weekday: 'long', timeZone: 'UTC' });
  const nth = (position: number): string =>
    position === -1 ? text('last') : locale.startsWith('en') ? englishOrdinal(position) : `${position}.`;
  return ({ every, interval, days, monthDays, count, until }) => {
    const on = [
      ...days.map(({ day, nth: position }) => (position === 0 ? weekday(day) : text('nth', { nth: nth(position), day: weekday(day) }))),
      ...(every === 'week' ? [] : monthDays.filter((day) => day > 0).map((day) => nth(day))),
    ];
    return [
      on.length > 0 && every !== 'other'
        ? text('on', { base: text(`every.${every}`, { interval }), days: format.list(on, { type: 'conjunction' }) })
        : text(`every.${every}`, { interval }),
      count === null ? '' : text('count', { count }),
      until === ''
        ? ''
        : text('until', {
            day: format.dateTime(new Date(`${until}T00:00Z`), { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }),
          }),
    ]
      .filter(Boolean)
      .join(', ');
  };
}

const englishOrdinal = (number: number): string => {
  const suffix = { one: 'st', two: 'nd', few: 'rd', other: 'th' }[new Intl.PluralRules('en', { type: 'ordinal' }).select(number) as 'one'];
  return `${number}${suffix}`;
};
