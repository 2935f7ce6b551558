'use client';

import { useFormatter, useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { formatBytes } from '#lib/i18n/format-bytes.ts';

const dayMs = 86_400_000;

export interface MailDates {
  /** "10:47", "Mo.", "3. Nov.", "3.11.2025" */
  short: (iso: string) => string;
  /** "Di., 24. Nov. 2026, 10:47" */
  full: (iso: string) => string;
  /** "Do., 19. Nov." */
  day: (iso: string) => string;
  /** heading of the list: "Heute", "Gestern", "November" */
  group: (iso: string) => string;
  time: (date: Date) => string;
  size: (bytes: number) => string;
}

export function useMailDates(): MailDates {
  const format = useFormatter();
  const locale = useLocale();
  const text = useTranslations('mail.list');
  return useMemo(() => {
    const now = new Date();
    const dayOf = (date: Date) => format.dateTime(date, { year: 'numeric', month: '2-digit', day: '2-digit' });
    const today = dayOf(now);
    const yesterday = dayOf(new Date(now.getTime() - dayMs));
    const yearOf = (date: Date) => format.dateTime(date, { year: 'numeric' });
    const time = (date: Date) => format.dateTime(date, { hour: 'numeric', minute: '2-digit' });
    const size = (bytes: number) => formatBytes(locale, bytes);
    return {
      time,
      size,
      short: (iso) => {
        const date = new Date(iso);
        if (dayOf(date) === today) return time(date);
        if (date < now && now.getTime() - date.getTime() < 6 * dayMs) return format.dateTime(date, { weekday: 'short' });
        if (yearOf(date) === yearOf(now)) return format.dateTime(date, { day: 'numeric', month: 'short' });
        return format.dateTime(date, { day: 'numeric', month: 'numeric', year: 'numeric' });
      },
      full: (iso) =>
        format.dateTime(new Date(iso), {
          weekday: 'short',
          day: 'numeric',
          month: 'short',
          year: 'numeric',
          hour: 'numeric',
          minute: '2-digit',
        }),
      day: (iso) => format.dateTime(new Date(iso), { weekday: 'short', day: 'numeric', month: 'short' }),
      group: (iso) => {
        const date = new Date(iso);
        const day = dayOf(date);
        if (day === today) return text('today');
        if (day === yesterday) return text('yesterday');
        if (date < now && now.getTime() - date.getTime() < 6 * dayMs) return text('thisWeek');
        if (yearOf(date) === yearOf(now)) return format.dateTime(date, { month: 'long' });
        return format.dateTime(date, { month: 'long', year: 'numeric' });
      },
    };
  }, [format, locale, text]);
}
