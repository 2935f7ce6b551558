import ICAL from 'ical.js';
import { decodeCharset } from '../../mime/decode-charset.ts';
import { decodeQuotedPrintable } from '../../mime/decode-content.ts';

/**
 * A calendar object as programs write it, brought to what RFC 5545 says, so that one bad line costs itself and not the invitation: lines
 * that were broken by hand, dates that are none, rules that are none, text of vCalendar 1.0, what stands before and behind, ends that are
 * missing. Empty where there is none. Linear time.
 */
export function repairCalendar(source: string): string {
  const begin = source.search(/BEGIN:VCALENDAR/i);
  // some send the event alone, or with what belongs to it above
  const alone = begin < 0 && /^BEGIN:VEVENT/im.test(source) ? source.search(/^(?:METHOD:|BEGIN:V)/im) : -1;
  if (alone >= 0) return repairCalendar(`BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${source.slice(alone)}`);
  if (begin < 0) return '';
  const kept: string[] = [];
  const open: string[] = [];
  let alarm = 0;
  for (const line of linesOf(source.slice(begin))) {
    const [, what = '', given = ''] = /^(BEGIN|END):\s*([A-Z0-9-]{1,60})\s*$/i.exec(line) ?? [];
    const name = given.toUpperCase();
    if (what === '') {
      if (alarm === 0) addLine(kept, line);
    } else if (what.toUpperCase() === 'BEGIN') {
      if (name === 'VALARM') alarm++;
      else if (open.length < deepest) {
        open.push(name);
        kept.push(`BEGIN:${name}`);
      }
    } else if (name === 'VALARM') alarm = Math.max(0, alarm - 1);
    else if (open.includes(name)) close(kept, open, name);
    if (open.length === 0) break;
  }
  if (open.length > 0) close(kept, open, open[0] ?? '');
  return `${kept.join('\r\n')}\r\n`;
}

const deepest = 10;

/** Ends what is open down to `name`. */
function close(kept: string[], open: string[], name: string): void {
  for (let last = open.pop(); last !== undefined; last = open.pop()) {
    kept.push(`END:${last}`);
    if (last === name) return;
  }
}

/** Gateways double an end of line, or a part of it. */
const folds = /\r{0,3}\n(?:\r{0,3}\n)?[ \t]/g;

/**
 * Unfolded (section 3.1), without empty ones. A line of quoted-printable goes on behind its "="; what begins with no name goes on with the text
 * above it, if that is one, or means nothing.
 */
function linesOf(source: string): string[] {
  const lines: string[] = [];
  let open: string[] = [];
  let [quoted, goesOn, isText] = [false, false, false];
  for (const line of source.replace(folds, '').split(/\r?\n|\r/)) {
    if (goesOn) open.push(line.endsWith('=') ? line.slice(0, -1) : line);
    else if (line.trim() === '') continue;
    else if (isText && !named.test(line)) {
      if (!/^X-[A-Z0-9-]+(;.*)?$/i.test(line)) open.push(`\\n${line}`);
    } else {
      if (open.length > 0) lines.push(open.join(''));
      quoted = isQuoted.test(line);
      isText = texts.test(line);
      open = [quoted && line.endsWith('=') ? line.slice(0, -1) : line];
    }
    goesOn = quoted && line.endsWith('=');
  }
  return open.length > 0 ? [...lines, open.join('')] : lines;
}

function addLine(kept: string[], given: string): void {
  const line = isQuoted.test(given) ? undoQuoted(given) : given;
  const [, name = '', parameters = '', value = ''] = looseDate.exec(line) ?? named.exec(line) ?? [];
  if (name === '') return;
  const written = writtenLine(name, parameters, value) ?? line;
  if (isReadable(written)) kept.push(written);
  // who breaks the parameters of a text has said the text
  else if (texts.test(line) && isReadable(`${name}:${value}`)) kept.push(`${name}:${value}`);
}

/** A rule that nobody can read is one: that it comes again is told, not how. */
const unsaid = 'FREQ=SECONDLY';

/** Dates and rules as RFC 5545 writes them; empty for what is none, null for all others, which stay. */
function writtenLine(name: string, parameters: string, value: string): string | null {
  if (dates.test(name)) return dateLine(name, parameters, value.trim()) ?? '';
  if (/^(EXDATE|RDATE)$/i.test(name)) return listLine(name, parameters, value);
  if (!/^(EXRULE|RRULE)$/i.test(name)) return null;
  // "BYDAY=MO, TU", "UNTIL=20270131T22"
  const rule = value.replace(/\s/g, '').replace(/(UNTIL=\d{8})T(?!\d{6}Z?(?:;|$))[^;]*/i, '$1');
  if (rule === '') return '';
  return isRule(rule) && isReadable(`${name}:${rule}`) ? `${name}:${rule}` : `${name}:${unsaid}`;
}

/** What the library cannot read would cost all that stands beside it. */
function isReadable(line: string): boolean {
  try {
    return line !== '' && ICAL.Property.fromString(line).getValues().length > 0;
  } catch {
    return false;
  }
}

/**
 * "DTSTART;TZID=tzone://Microsoft/Utc:20261203T140000": Outlook.com and others leave out the quotation marks that a colon in a zone's name needs. What
 * stands behind the last one is the time.
 */
const looseDate =
  /^(DTSTART|DTEND|DUE|RECURRENCE-ID|EXDATE|RDATE)((?:;[A-Z-]{1,40}=[^;"]{0,200}){1,10}):([0-9]{4}(?:[0-9]{4}|-[0-9]{2}-[0-9]{2})[0-9TZ:,-]{0,2000})$/i;
const named = /^([A-Z0-9-]{1,60})((?:;(?:"[^"]*"|[^":])*)?):(.*)$/i;
const isQuoted = /^[A-Z-]{1,60};[^:]{0,200}ENCODING=QUOTED-PRINTABLE[;:]/i;
const texts = /^(DESCRIPTION|COMMENT|SUMMARY|LOCATION)[;:]/i;
const dates = /^(DTSTART|DTEND|DUE|RECURRENCE-ID|DTSTAMP|CREATED|LAST-MODIFIED|COMPLETED)$/i;

/** "2026-12-03T14:00", as XML and people write it, with a part of a second and the hours to Greenwich. */
const extendedDates = /(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?(?:\.\d{1,9})?(?:([+-])(\d\d):?(\d\d))?/g;
function basicDate(
  whole: string,
  year: string,
  month: string,
  day: string,
  hour: string,
  minute: string,
  second = '00',
  sign = '',
  ...by: string[]
): string {
  const basic = `${year}${month}${day}T${hour}${minute}${second}`;
  if (sign === '') return basic;
  const at = Date.parse(`${whole.slice(0, 16)}:${second}${sign}${by[0]}:${by[1]}`);
  return Number.isNaN(at) ? basic : `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** A day without its VALUE is a day all the same. */
function dateLine(name: string, parameters: string, value: string): string | null {
  const basic = basicMoment(value);
  return basic && `${name}${basic.length === 8 ? ';VALUE=DATE' : withTime(parameters)}:${basic}`;
}

/** Several, of which each costs itself; empty without any. Of a period its beginning is looked at. */
function listLine(name: string, parameters: string, value: string): string {
  const moments = value.split(',').flatMap((one) => {
    const [from = '', ...behind] = one.split('/');
    const basic = basicMoment(from);
    return basic === null ? [] : [[basic, ...behind].join('/')];
  });
  if (moments.length === 0) return '';
  return `${name}${moments.every((one) => one.length === 8) ? ';VALUE=DATE' : withTime(parameters)}:${moments.join(',')}`;
}

const withTime = (parameters: string): string => quotedZone(parameters.replace(/;VALUE=DATE(?![-A-Z])/i, ''));

/** "20261203" or "20261203T140000Z"; null for what is no date. The year 1 is what programs write that have none. */
function basicMoment(value: string): string | null {
  const basic = value
    .replace(/\s/g, '')
    .replace(extendedDates, basicDate)
    .replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$1$2$3');
  const [, month, day, , hour, minute, second = '00', utc] = /^[1-9]\d{3}(\d\d)(\d\d)(T(\d\d)(\d\d)(\d\d)?(Z?))?$/.exec(basic) ?? [];
  if (month === undefined || day === undefined || !inRange(month, 1, 12) || !inRange(day, 1, 31)) return null;
  if (hour === undefined || minute === undefined) return basic;
  if (!inRange(hour, 0, 24) || !inRange(minute, 0, 59) || !inRange(second, 0, 60)) return null;
  return `${basic.slice(0, 11)}${minute}${second}${utc}`;
}

const inRange = (digits: string, least: number, most: number): boolean => Number(digits) >= least && Number(digits) <= most;

const quotedZone = (parameters: string): string =>
  parameters.replace(/;TZID=([^;"]*[:,][^;"]*)/i, (_, zone: string) => `;TZID="${zone.replaceAll('\\,', ',')}"`);

const isRule = (value: string): boolean =>
  value.length < 500 &&
  /^(?=.*FREQ=(SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY))[A-Z-]{2,20}=[^;=]+(;[A-Z-]{2,20}=[^;=]+)*;?$/i.test(value) &&
  !/(COUNT|INTERVAL)=(?!\d+(;|$))/i.test(value);

/** vCalendar 1.0, as telephones and old programs still write it. */
function undoQuoted(line: string): string {
  const colon = line.indexOf(':');
  const charset = /CHARSET=([\w.:-]{1,60})/i.exec(line.slice(0, colon))?.[1];
  const bytes = decodeQuotedPrintable(Buffer.from(line.slice(colon + 1).replace(/=(?![0-9a-f]{2})/gi, ''), 'latin1'));
  const text = decodeCharset(bytes, charset).replace(/\r?\n/g, '\\n');
  return `${line.slice(0, line.indexOf(';'))}:${text}`;
}
