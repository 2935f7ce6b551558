'use client';

import { useFormatter, useNow, useTranslations } from 'next-intl';

/** "heute, 10:51", "gestern, 18:20", "20. Nov.", "3. Sep. 2025": as exact as it helps. */
export function useMoment(): (at: number) => string {
  const format = useFormatter();
  const text = useTranslations('panel');
  const now = useNow();
  const day = (date: number | Date) => format.dateTime(date, { year: 'numeric', month: '2-digit', day: '2-digit' });
  return (at) => {
    const time = format.dateTime(at, { hour: 'numeric', minute: '2-digit' });
    if (day(at) === day(now)) return text('today', { time });
    if (day(at) === day(now.getTime() - 86_400_000)) return text('yesterday', { time });
    const thisYear = new Date(at).getFullYear() === now.getFullYear();
    return format.dateTime(at, { day: 'numeric', month: 'short', ...(thisYear ? {} : { year: 'numeric' }) });
  };
}
