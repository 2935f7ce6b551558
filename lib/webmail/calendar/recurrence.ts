import ICAL from 'ical.js';
import { dayOf } from './day-bounds.ts';
import { wordTable } from '../../mime/word-table.ts';

/** A rule of recurrence (RFC 5545 section 3.3.10), as far as it can be said in a sentence. Never expanded. */
export interface Recurrence {
  every: 'day' | 'week' | 'month' | 'year' | 'other';
  interval: number;
  /** weekdays, 0 = Sunday; `nth`: which of the month (-1 the last), 0 each */
  days: { day: number; nth: number }[];
  /** days of the month; -1: the last */
  monthDays: number[];
  /** only in these, 1 = January; empty: in all */
  months: number[];
  count: number | null;
  /** ISO 8601 day; empty: without end */
  until: string;
}

const units = wordTable<Recurrence['every']>({ DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year' });
const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const mostDays = 14;

/** `zone`: of the series, by whose calendar it ends; empty: UTC, or none. */
export function readRecurrence(value: unknown, zone: string): Recurrence | null {
  if (!(value instanceof ICAL.Recur)) return null;
  const parts = (name: string): unknown[] => (value.parts as Record<string, unknown[] | undefined>)[name] ?? [];
  const every = units.get(String(value.freq)) ?? 'other';
  const positions = parts('BYSETPOS').map(Number);
  const days = parts('BYDAY')
    .slice(0, mostDays)
    .flatMap((day) => {
      const match = /^([+-]?\d{1,2})?(SU|MO|TU|WE|TH|FR|SA)$/.exec(String(day).toUpperCase());
      return match ? [{ day: weekdays.indexOf(match[2] ?? ''), nth: Number(match[1] ?? 0) || (positions[0] ?? 0) }] : [];
    });
  const monthDays = parts('BYMONTHDAY').map(Number);
  const months = parts('BYMONTH').map(Number);
  const said = every !== 'other' && isSayable(every, { days, monthDays, months, positions, parts });
  return {
    every: said ? every : 'other',
    interval: Math.min(Math.max(Number(value.interval) || 1, 1), 9999),
    days: said ? days : [],
    monthDays: said ? monthDays : [],
    months: said ? months : [],
    count: value.count ? Number(value.count) : null,
    until: value.until ? dayOfEnd(value.until.toString(), zone) : '',
  };
}

interface Said extends Pick<Recurrence, 'days' | 'monthDays' | 'months'> {
  positions: number[];
  parts: (name: string) => unknown[];
}

/** A sentence that leaves a part of the rule out says another one. */
function isSayable(every: Recurrence['every'], { days, monthDays, months, positions, parts }: Said): boolean {
  const one = (names: string[], most: number): boolean => names.every((name) => parts(name).length <= most);
  // the one hour is that of the start
  if (!one(['BYHOUR', 'BYMINUTE', 'BYSECOND'], 1) || !one(['BYWEEKNO', 'BYYEARDAY', 'RSCALE'], 0)) return false;
  // "the last of Monday to Friday", "Friday the 13th"
  if (positions.length > 0 && (positions.length > 1 || days.length !== 1 || monthDays.length > 0)) return false;
  if (days.length > 0 && monthDays.length > 0) return false;
  const counted = days.filter(({ nth }) => nth !== 0);
  if (counted.some(({ nth }) => nth < -1) || (counted.length > 0 && every !== 'month' && every !== 'year')) return false;
  if (
    monthDays.length > mostDays ||
    monthDays.some((day) => !(day === -1 || day > 0)) ||
    months.some((month) => !(month >= 1 && month <= 12))
  )
    return false;
  if (days.length < parts('BYDAY').length || (monthDays.length > 0 && every === 'week')) return false;
  // of a year these are many days
  return every !== 'year' || (counted.length === days.length && (monthDays.length === 0 || months.length === 1));
}

/** What begins at half past midnight in Vienna ends the day before in UTC, which is what stands there (RFC 5545 section 3.3.10). */
function dayOfEnd(until: string, zone: string): string {
  const at = Date.parse(until);
  if (zone !== '' && until.endsWith('Z') && !Number.isNaN(at)) return dayOf(at, zone);
  // of a year that nobody means, none
  return /^\d{4}-\d\d-\d\d(?=T|$)/.exec(until)?.[0] ?? '';
}
