import { removeComments } from './parse-content-type.ts';
import { wordTable } from './word-table.ts';

/**
 * Date header (RFC 5322 section 3.3 and obsolete 4.3) in ms since the epoch, or null if no day can be made out. Lenient: comments,
 * two-digit years, months of other languages, names of zones, no zone (UTC), asctime and ISO 8601 order. A time that makes no sense counts as 00:00:00, an unknown
 * zone as UTC (RFC 5256 section 2.2).
 */
export function parseDate(field: string): number | null {
  const text = removeComments(field.slice(0, MAX_LENGTH)).trim();
  const day = findDay(text);
  if (day === null) return null;
  const { year, month, date } = day;
  if (year < 1 || year > 9999 || date < 1 || date > daysInMonth(year, month)) return null;
  const midnight = new Date(0).setUTCFullYear(year, month, date);
  return midnight + (timeOfDay(text) ?? 0);
}

interface Day {
  year: number;
  /** 0 to 11 */
  month: number;
  date: number;
}

function findDay(text: string): Day | null {
  const usual = /(?:^|[\s,])(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?,?[\s-]+(\d{2,4})(?!\d|:)/i.exec(text);
  if (usual) return day(usual[3], usual[2], usual[1]);
  const iso = /(?:^|[\s,])(\d{4})-(\d{2})-(\d{2})(?!\d)/.exec(text);
  if (iso) return { year: Number(iso[1]), month: Number(iso[2]) - 1, date: Number(iso[3]) };
  // "Sat Mar 24 23:00:00 2007" and "March 24, 2007"
  const monthFirst = /(?:^|[\s,])([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?!\d|:)/gi;
  const year = /(?:^|[\s,])(\d{4})(?!\d|:)/.exec(text);
  for (const match of text.matchAll(monthFirst)) {
    const found = day(year?.[1], match[1], match[2]);
    if (found !== null) return found;
  }
  return null;
}

function day(year: string | undefined, month: string | undefined, date: string | undefined): Day | null {
  const name = (month ?? '').toLowerCase();
  const index = MONTHS.indexOf(OTHERS.get(name) ?? name);
  if (index < 0 || year === undefined || date === undefined) return null;
  return { year: fullYear(year), month: index, date: Number(date) };
}

/** RFC 5322 section 4.3: two digits below 50 are of this century, all other short years count from 1900. */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return digits.length === 3 ? 1900 + year : year;
}

/** ms from midnight UTC of the named day; null if there is no time or none that makes sense. */
function timeOfDay(text: string): number | null {
  const match =
    /(\d{1,2})\s*[:.]\s*(\d{2})(?:\s*[:.]\s*(\d{2}))?(?:[.,]\d+)?(\s*[ap]m\b)?\s*(?:(?:GMT|UTC)(?=[+-]))?([+-]\s?\d{1,2}:?\d{2}|[+-]\d{1,2}(?!\d)|[a-z]+)?/i.exec(
      text,
    );
  if (match === null) return null;
  const [, hours = '', minutes = '', seconds = '0', half = '', zone = ''] = match;
  let hour = Number(hours);
  if (half !== '') hour = (hour % 12) + (half.trim().toLowerCase() === 'pm' ? 12 : 0);
  if (hour > 24 || Number(minutes) > 59 || Number(seconds) > 60) return null;
  return ((hour * 60 + Number(minutes) - zoneMinutes(zone)) * 60 + Number(seconds)) * 1000;
}

function zoneMinutes(zone: string): number {
  const offset = /^([+-])\s?(\d{1,2}):?(\d{2})?$/.exec(zone);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    if (minutes > 24 * 60) return 0;
    return offset[1] === '-' ? -minutes : minutes;
  }
  return (ZONES.get(zone.toUpperCase()) ?? 0) * 60;
}

function daysInMonth(year: number, month: number): number {
  return month < 0 || month > 11 ? 0 : new Date(new Date(0).setUTCFullYear(year, month + 1, 0)).getUTCDate();
}

const MAX_LENGTH = 200;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** As scripts write them that take the language of their machine: German, French, Spanish, Italian. */
const OTHERS = wordTable<string>({
  ...{ mrz: 'mar', mai: 'may', okt: 'oct', dez: 'dec', avr: 'apr' },
  ...{ ene: 'jan', abr: 'apr', ago: 'aug', dic: 'dec', gen: 'jan', mag: 'may', giu: 'jun', lug: 'jul', set: 'sep', ott: 'oct' },
});
/** Hours east of UTC. Single letters are UTC, because RFC 822 had their signs wrong (RFC 5322 section 4.3). */
const ZONES = wordTable<number>({
  NDT: -2.5,
  NST: -3.5,
  ADT: -3,
  AST: -4,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  CET: 1,
  MET: 1,
  CEST: 2,
  MEST: 2,
  MESZ: 2,
  MEZ: 1,
  BST: 1,
  EET: 2,
  EEST: 3,
  MSK: 3,
  JST: 9,
  KST: 9,
  HKT: 8,
  SGT: 8,
  AEST: 10,
  AEDT: 11,
  NZST: 12,
  NZDT: 13,
});
