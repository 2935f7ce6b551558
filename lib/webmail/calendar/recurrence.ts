import ICAL from 'ical.js';
import { dayOf } from './day-bounds.ts';
import { wordTable } from '../../mime/word-table.ts';

/** A rule of recurrence (RFC 5545 section 3.3.10), as far as it can be said in a sentence. Never expanded. */
export interface Recurrence {
  every: 'day' | 'week' | 'month' | 'year' | 'other';
  interval: number;
  /** weekdays, 0 = Sunday; `nth`: which of the month (-1 the last), 0 each */
  days: { day: number; nth: number }[];
  /** days of the month, negative from its end */
  monthDays: number[];
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
  const parts = (name: keyof typeof value.parts): unknown[] => value.parts[name] ?? [];
  const position = Number(parts('BYSETPOS')[0] ?? 0) || 0;
  const named = parts('BYDAY')
    .slice(0, mostDays)
    .flatMap((day) => {
      const match = /^([+-]?\d{1,2})?(SU|MO|TU|WE|TH|FR|SA)$/.exec(String(day).toUpperCase());
      return match ? [{ day: weekdays.indexOf(match[2] ?? ''), nth: Number(match[1] ?? 0) || position }] : [];
    });
  // "the last of Monday to Friday" has no short sentence
  const odd = position !== 0 && named.length > 1;
  return {
    every: odd ? 'other' : (units.get(String(value.freq)) ?? 'other'),
    interval: Math.min(Math.max(Number(value.interval) || 1, 1), 9999),
    days: odd ? [] : named,
    monthDays: parts('BYMONTHDAY').slice(0, mostDays).map(Number).filter(Number.isInteger),
    count: value.count ? Number(value.count) : null,
    until: value.until ? dayOfEnd(value.until.toString(), zone) : '',
  };
}

/** What begins at half past midnight in Vienna ends the day before in UTC, which is what stands there (RFC 5545 section 3.3.10). */
function dayOfEnd(until: string, zone: string): string {
  const at = Date.parse(until);
  return zone !== '' && until.endsWith('Z') && !Number.isNaN(at) ? dayOf(at, zone) : until.slice(0, 10);
}
