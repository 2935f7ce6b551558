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
  const month = (number: number): string => format.dateTime(new Date(Date.UTC(2026, number - 1, 1)), { month: 'long', timeZone: 'UTC' });
  // 2024 had a 29 February
  const date = (number: number, day: number): string =>
    format.dateTime(new Date(Date.UTC(2024, number - 1, day)), { day: 'numeric', month: 'long', timeZone: 'UTC' });
  return ({ every, interval, days, monthDays, months, count, until }) => {
    const [only] = every === 'year' && months.length === 1 ? months : [];
    const inOne = only !== undefined && monthDays.length > 0 && monthDays.every((day) => day > 0);
    const on = [
      ...days.map(({ day, nth: position }) => (position === 0 ? weekday(day) : text('nth', { nth: nth(position), day: weekday(day) }))),
      ...monthDays.map((day) => (inOne ? date(only, day) : day === -1 ? text('lastDay') : nth(day))),
    ];
    const base = text(`every.${every}`, { interval });
    const onDays = on.length > 0 ? text('on', { base, days: format.list(on, { type: 'conjunction' }) }) : base;
    return [
      months.length > 0 && !inOne ? text('in', { base: onDays, months: format.list(months.map(month), { type: 'conjunction' }) }) : onDays,
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
