import { removeComments } from '../../../lib/mime/parse-content-type.ts';
import { parseDate } from '../../../lib/mime/parse-date.ts';
import { wordTable } from '../../../lib/mime/word-table.ts';

/** A date in a field and the zone that it was written in; of fields with several pieces (Received) the last. */
export function readDate(value: string): { ms: number; zoneMinutes: number } | null {
  const text = removeComments(value.slice(value.lastIndexOf(';') + 1)).trim();
  const match = DATE_TIME.exec(text);
  if (match === null) return null;
  const [, written = '', zone = ''] = match;
  // a leap second belongs to the minute that it ends
  const ms = parseDate(`${written.replace(/:\s*60$/, ':59')} +0000`);
  if (ms === null) return null;
  const zoneMinutes = parseZone(zone) ?? (OBSOLETE_ZONES.get(zone.toUpperCase()) ?? 0) * 60;
  return { ms: ms - zoneMinutes * 60_000, zoneMinutes };
}

/** +hhmm or -hhmm in minutes east of UTC. */
export function parseZone(zone: string): number | null {
  const match = /^([+-])(\d{2})(\d{2})$/.exec(zone);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}

/** RFC 5260 section 4.2; null for a part that it does not name. */
export function datePart(part: string, ms: number, zoneMinutes: number): string | null {
  const local = new Date(ms + zoneMinutes * 60_000);
  const iso = local.toISOString();
  const day = iso.slice(0, 10);
  const time = iso.slice(11, 19);
  switch (part) {
    case 'year':
      return iso.slice(0, 4);
    case 'month':
      return iso.slice(5, 7);
    case 'day':
      return iso.slice(8, 10);
    case 'date':
      return day;
    case 'julian':
      return String(Math.floor(local.getTime() / DAY) + MODIFIED_JULIAN_1970);
    case 'hour':
      return iso.slice(11, 13);
    case 'minute':
      return iso.slice(14, 16);
    case 'second':
      return iso.slice(17, 19);
    case 'time':
      return time;
    case 'iso8601':
      return `${day}T${time}${zoneMinutes === 0 ? 'Z' : writeZone(zoneMinutes, ':')}`;
    case 'std11':
      return `${WEEKDAYS[local.getUTCDay()]}, ${iso.slice(8, 10)} ${MONTHS[local.getUTCMonth()]} ${iso.slice(0, 4)} ${time} ${writeZone(zoneMinutes, '')}`;
    case 'zone':
      return writeZone(zoneMinutes, '');
    case 'weekday':
      return String(local.getUTCDay());
    default:
      return null;
  }
}

function writeZone(minutes: number, separator: string): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}${separator}${twoDigits(size % 60)}`;
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');
/** RFC 5322 section 3.3: date and time, zone; what is written otherwise is no date for rules */
const DATE_TIME =
  /^((?:[a-z]{3}\s*,\s*)?\d{1,2}\s+[a-z]{3,9}\s+\d{2,4}\s+(?:[01]?\d|2[0-3])\s*:\s*\d{2}(?:\s*:\s*\d{2})?)\s*([+-]\d{4}|[a-z]+)?(?:\s.*)?$/is;
/** hours of RFC 5322 section 4.3; other names say nothing */
const OBSOLETE_ZONES = wordTable<number>({ EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7 });
const DAY = 86_400_000;
/** modified Julian day of 1970-01-01 */
const MODIFIED_JULIAN_1970 = 40_587;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
