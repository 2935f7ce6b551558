'use client';

import { useFormatter, useLocale, useTimeZone, useTranslations, type DateTimeFormatOptions } from 'next-intl';
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
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

/** How many, in digits; four of them stand together, as one writes a year. */
export function useCount(): (count: number) => string {
  const format = useFormatter();
  return (count) => format.number(count, { useGrouping: 'min2' });
}

/** The time zone that somebody has chosen; empty: the one of their browser. */
export const ZoneContext = createContext('');

const never = () => () => {};

let zone = { name: '', askedAt: Number.NEGATIVE_INFINITY };
/** Asked with each drawing of each part of the page: the browser is asked now and then, whose person may have travelled. */
function browserZone(): string {
  const now = performance.now();
  if (now - zone.askedAt > lookMs) zone = { name: Intl.DateTimeFormat().resolvedOptions().timeZone, askedAt: now };
  return zone.name;
}

/** The zone of the person, not of the house. The server does not know the browser's: its page is put right as soon as it is shown. */
export function useZone(): string {
  const chosen = useContext(ZoneContext);
  const house = useTimeZone() ?? 'Europe/Vienna';
  const own = useSyncExternalStore(never, browserZone, () => house);
  return chosen || own;
}

const lookMs = 20_000;

/** Changes with the day, also on a page that is left open over midnight, or wakes from sleep after it. */
function onAnotherDay(listener: () => void): () => void {
  const timer = setInterval(listener, lookMs);
  document.addEventListener('visibilitychange', listener);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', listener);
  };
}

/** Making one costs a hundred times what using it costs, and each row of the list asks for its day. */
const calendars = new Map<string, Intl.DateTimeFormat>();

function dayIn(timeZone: string, date = new Date()): string {
  const calendar = calendars.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone });
  calendars.set(timeZone, calendar);
  return calendar.format(date);
}

/** Days of the calendar between a date and now: a day has 23 to 25 hours, and yesterday may be 23 of them ago. Below 0: to come. */
export const daysAgo = (date: Date, now: Date, timeZone: string): number =>
  Math.round((Date.parse(dayIn(timeZone, now)) - Date.parse(dayIn(timeZone, date))) / dayMs);

export function useMailDates(): MailDates {
  const house = useFormatter();
  const timeZone = useZone();
  const day = useSyncExternalStore(
    onAnotherDay,
    () => dayIn(timeZone),
    () => dayIn(timeZone),
  );
  const locale = useLocale();
  const text = useTranslations('mail.list');
  // biome-ignore lint/correctness/useExhaustiveDependencies: "today" is another one after midnight
  return useMemo(() => {
    const format = {
      dateTime: (date: Date, options: DateTimeFormatOptions) => house.dateTime(date, { ...options, timeZone }),
    };
    const now = new Date();
    const yearOf = (date: Date) => format.dateTime(date, { year: 'numeric' });
    const time = (date: Date) => format.dateTime(date, { hour: 'numeric', minute: '2-digit' });
    const size = (bytes: number) => formatBytes(locale, bytes);
    return {
      time,
      size,
      short: (iso) => {
        const date = new Date(iso);
        const ago = daysAgo(date, now, timeZone);
        if (ago === 0) return time(date);
        if (ago > 0 && ago < 7) return format.dateTime(date, { weekday: 'short' });
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
        const ago = daysAgo(date, now, timeZone);
        if (ago === 0) return text('today');
        if (ago === 1) return text('yesterday');
        if (ago > 1 && ago < 7) return text('thisWeek');
        if (yearOf(date) === yearOf(now)) return format.dateTime(date, { month: 'long' });
        return format.dateTime(date, { month: 'long', year: 'numeric' });
      },
    };
  }, [house, timeZone, day, locale, text]);
}
