import { ParseError } from './parse-error.ts';
import type { Cursor } from './cursor.ts';

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const months = monthNames.map((name) => name.toUpperCase());

/**
 * date-time: `"17-Jul-1996 02:44:25 -0700"` with its quotes; programs that move mail write a day of one digit alone. Milliseconds since the
 * epoch; null for a day or time of day that there is not, as servers with broken dates tell of: a letter is not refused for it.
 */
export function parseDateTime(cursor: Cursor): number | null {
  const text = cursor.string().toString('latin1');
  const match = /^( ?\d|\d\d)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/.exec(text);
  if (!match) throw new ParseError('Bad date-time');
  const [, day = '', month = '', year = '', hour, minute, second, sign, zoneHour, zoneMinute] = match;
  const date = dayOf(Number(day), month, Number(year));
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (date === null || h > 23 || m > 59 || s > 60) return null;
  const zone = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -1 : 1);
  return date + ((h * 60 + m - zone) * 60 + s) * 1000;
}

/** date of SEARCH: `1-Feb-1994`, quoted or not. Midnight UTC in milliseconds since the epoch. */
export function parseDate(cursor: Cursor): number {
  const text = cursor.astring().toString('latin1');
  const match = /^ ?(\d{1,2})-([A-Za-z]{3})-(\d{4})$/.exec(text);
  if (!match) throw new ParseError('Bad date');
  const date = dayOf(Number(match[1]), match[2] ?? '', Number(match[3]));
  if (date === null) throw new ParseError('No such day');
  return date;
}

function dayOf(day: number, monthName: string, year: number): number | null {
  const month = months.indexOf(monthName.toUpperCase());
  if (month < 0) throw new ParseError('No such month');
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  if (date.getUTCMonth() !== month || date.getUTCDate() !== day) return null;
  return date.getTime();
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** INTERNALDATE, always in UTC: `"17-Jul-1996 09:44:25 +0000"` with its quotes. */
export function formatDateTime(ms: number): string {
  const date = new Date(ms);
  const day = date.getUTCDate();
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  return `"${day < 10 ? ' ' : ''}${day}-${monthNames[date.getUTCMonth()]}-${year} ${clock} +0000"`;
}
