import ICAL from 'ical.js';
import { type Recurrence, readRecurrence } from './recurrence.ts';
import { repairCalendar } from './source.ts';
import { calendarText } from './text.ts';
import { ianaZone, offsetIn } from './zones.ts';
import type { TextBlock } from '../view/text-blocks.ts';
import { instantIn, wallClock } from './zoned-instant.ts';

/** What an invitation (RFC 5545, 5546) says to its reader. Plain data. */
export interface CalendarInvitation {
  /** REQUEST, CANCEL, REPLY, PUBLISH …, upper case; empty if none is given */
  method: string;
  uid: string;
  sequence: number;
  title: string;
  place: TextBlock[];
  description: TextBlock[];
  /** what an answer or a cancellation says besides */
  comment: TextBlock[];
  start: CalendarMoment | null;
  end: CalendarMoment | null;
  /** when it was written, as it stands there: tells the newer of two with one sequence (RFC 5546 section 2.1.5) */
  stamp: string;
  /** which of a recurring event is meant; empty: all */
  instance: string;
  /** and all of it that come later */
  following: boolean;
  /** events besides it in the same object, its own exceptions not counted */
  others: number;
  /** it comes again */
  recurrence: Recurrence | null;
  /** when a series is not, and what of it was moved */
  exceptions: CalendarMoment[];
  /** when it is besides, by no rule */
  also: CalendarMoment[];
  moved: { from: CalendarMoment; to: CalendarMoment }[];
  cancelled: boolean;
  organizer: CalendarPerson | null;
  attendees: CalendarPerson[];
}

export interface CalendarMoment {
  /** ISO 8601: an instant ("…Z"), a local time without zone where none is known, or a day */
  at: string;
  kind: 'instant' | 'floating' | 'day';
  /** the sender's zone, an IANA name mostly; empty if none or UTC */
  zone: string;
}

export interface CalendarPerson {
  name: string;
  address: string;
  /** ACCEPTED, DECLINED, TENTATIVE, NEEDS-ACTION …; empty if not given */
  answer: string;
}

const mostAttendees = 200;
const longest = 500_000;

const says = ['summary', 'dtstart', 'uid'];

/** The calendar object, with the event that it is about; null if there is none. Throws where it cannot be parsed. */
export function mainEvent(
  source: string,
): { calendar: InstanceType<typeof ICAL.Component>; event: InstanceType<typeof ICAL.Component> } | null {
  if (source.length > longest) return null;
  const repaired = repairCalendar(source);
  if (repaired === '') return null;
  const parsed: unknown = ICAL.parse(repaired);
  const calendar = new ICAL.Component(parsed as ConstructorParameters<typeof ICAL.Component>[0]);
  const events = calendar.getAllSubcomponents('vevent');
  // a series comes with its exceptions behind it
  const event = events.find((one) => one.getFirstProperty('recurrence-id') === null) ?? events[0] ?? calendar.getFirstSubcomponent('vtodo');
  return event && says.some((name) => event.getFirstProperty(name)) ? { calendar, event } : null;
}

/** The first event of a calendar object; null if there is none that can be read. `method`: what the part's type says. Never throws. */
export function readInvitation(source: string, method = ''): CalendarInvitation | null {
  try {
    const found = mainEvent(source);
    if (!found) return null;
    const { calendar, event } = found;
    const text = (name: string): string => String(event.getFirstPropertyValue(name) ?? '').slice(0, 20_000);
    const organizer = event.getFirstProperty('organizer');
    const zone = String(calendar.getFirstPropertyValue('x-wr-timezone') ?? '');
    const instance = event.getFirstProperty('recurrence-id');
    asWholeDays(event);
    // who calls one of a series off need not say when it would have begun (RFC 5546 section 3.2.5)
    const start = moment(event.getFirstProperty('dtstart'), zone) ?? moment(instance, zone);
    const end =
      moment(event.getFirstProperty('dtend'), zone) ??
      moment(event.getFirstProperty('due'), zone) ??
      endAfter(start, event.getFirstPropertyValue('duration'));
    return {
      // who does a task is agreed on otherwise than who comes (RFC 5546 section 3.4)
      method: event.name === 'vtodo' ? 'PUBLISH' : methodOf(calendar, method),
      uid: text('uid'),
      sequence: Math.min(2_147_483_647, Math.max(0, Math.trunc(Number(event.getFirstPropertyValue('sequence') ?? 0) || 0))),
      title: text('summary'),
      place: calendarText(text('location')),
      description: calendarText(text('description')),
      comment: calendarText(text('comment')),
      start,
      // an end before the start is none
      end: start && end && end.kind === start.kind && end.at < start.at ? null : end,
      others: othersOf(calendar, event),
      stamp: text('dtstamp').slice(0, 40),
      instance: text('recurrence-id').slice(0, 40),
      following: String(instance?.getParameter('range') ?? '').toUpperCase() === 'THISANDFUTURE',
      recurrence: readRecurrence(event.getFirstPropertyValue('rrule'), start?.zone ?? ''),
      ...changesOf(calendar, event, zone),
      cancelled: text('status').toUpperCase() === 'CANCELLED',
      organizer: organizer ? person(organizer) : null,
      attendees: event.getAllProperties('attendee').slice(0, mostAttendees).map(person),
    };
  } catch {
    return null;
  }
}

type Component = InstanceType<typeof ICAL.Component>;

export const methodOf = (calendar: Component, otherwise: string): string =>
  (String(calendar.getFirstPropertyValue('method') ?? '') || otherwise).toUpperCase().slice(0, 40);

/** Of a series the exceptions belong to it; without it each of them is an event of its own. */
function othersOf(calendar: Component, main: Component): number {
  const ofOne = main.getFirstProperty('recurrence-id') !== null;
  const names = calendar
    .getAllSubcomponents('vevent')
    .slice(0, 10_000)
    .map((event) => [event.getFirstPropertyValue('uid'), ofOne ? event.getFirstPropertyValue('recurrence-id') : ''].join(' '));
  return Math.max(0, new Set(names).size - 1);
}

/** Exchange says of midnight to midnight that it is a whole day. */
function asWholeDays(event: Component): void {
  if (!wholeDays.some((name) => String(event.getFirstPropertyValue(name)).toUpperCase() === 'TRUE')) return;
  const times = ['dtstart', 'dtend'].map((name) => event.getFirstPropertyValue(name)).filter((value) => value instanceof ICAL.Time);
  if (times.some(({ hour, minute, second }) => hour + minute + second > 0)) return;
  for (const time of times) time.isDate = true;
}

const wholeDays = ['x-microsoft-cdo-alldayevent', 'x-microsoft-msncalendar-alldayevent', 'x-funambol-allday'];

const mostExceptions = 30;

/** A series says on which days it is not, and brings what was moved as events of its own, with the day that they were on. */
function changesOf(calendar: Component, series: Component, zone: string): Pick<CalendarInvitation, 'exceptions' | 'also' | 'moved'> {
  const listed = (name: string): CalendarMoment[] =>
    series
      .getAllProperties(name)
      .slice(0, mostExceptions)
      .flatMap((property) =>
        property
          .getValues()
          .slice(0, mostExceptions)
          .map((value: unknown) => momentOf(property, value instanceof ICAL.Period ? value.start : value, zone)),
      )
      .filter((day) => day !== null);
  const exceptions = listed('exdate');
  const start = moment(series.getFirstProperty('dtstart'), zone);
  const moved = new Map<string, CalendarInvitation['moved'][number]>();
  for (const event of calendar.getAllSubcomponents('vevent').slice(0, mostExceptions)) {
    const from =
      event === series || series.getFirstProperty('recurrence-id') ? null : moment(event.getFirstProperty('recurrence-id'), zone);
    const to = moment(event.getFirstProperty('dtstart'), zone);
    if (!from || event.getFirstPropertyValue('uid') !== series.getFirstPropertyValue('uid')) continue;
    if (String(event.getFirstPropertyValue('status')).toUpperCase() === 'CANCELLED') exceptions.push(from);
    else if (to && to.at !== from.at) moved.set(from.at, { from, to });
  }
  // some programs say both that a day is left out and that it is cancelled
  return {
    exceptions: inOrder(exceptions),
    also: inOrder(listed('rdate').filter(({ at }) => start === null || Date.parse(at) !== Date.parse(start.at))),
    moved: [...moved.values()],
  };
}

const inOrder = (moments: readonly CalendarMoment[]): CalendarMoment[] =>
  [...new Map(moments.map((moment) => [moment.at, moment])).values()]
    .toSorted((one, other) => (one.at < other.at ? -1 : 1))
    .slice(0, mostExceptions);

type Property = NonNullable<ReturnType<InstanceType<typeof ICAL.Component>['getFirstProperty']>>;

function person(property: Property): CalendarPerson {
  const parameter = (name: string): string => {
    const value = property.getParameter(name);
    return (Array.isArray(value) ? value[0] : value) ?? '';
  };
  return {
    name: parameter('cn'),
    address: addressOf(String(property.getFirstValue() ?? ''), parameter('email')),
    answer: parameter('partstat').toUpperCase(),
  };
}

/** Of somebody on the calendar's own server the address stands beside (RFC 7986 section 6.2). */
const addressOf = (value: string, email: string): string => {
  const plain = value.trim().replace(/^mailto:/i, '');
  return plain.includes('@') || email === '' ? plain : email;
};

const moment = (property: Property | null, calendarZone: string): CalendarMoment | null =>
  property && momentOf(property, property.getFirstValue(), calendarZone);

function momentOf(property: Property, value: unknown, calendarZone: string): CalendarMoment | null {
  if (!(value instanceof ICAL.Time)) return null;
  const local = value.toString().replace(/Z$/, '');
  if (value.isDate) return { at: local, kind: 'day', zone: '' };
  const given = property.getParameter('tzid');
  const zone = String((Array.isArray(given) ? given[0] : given) ?? '');
  if (value.zone === ICAL.Timezone.utcTimezone) return { at: `${local}Z`, kind: 'instant', zone: '' };
  const known = ianaZone(zone);
  const described = value.zone && value.zone !== ICAL.Timezone.localTimezone && isPlainZone(value.zone.component);
  // what Notes calls GMT, and describes, is London's clock, with its summer
  if (known && !(known === 'UTC' && described)) return { at: instantIn(local, known), kind: 'instant', zone: known };
  // of a zone that only the object knows, its own description counts
  if (described) {
    return { at: new Date(value.toUnixTime() * 1000).toISOString(), kind: 'instant', zone: '' };
  }
  const minutes = offsetIn(zone);
  if (minutes !== null) return { at: new Date(Date.parse(`${local}Z`) - minutes * 60_000).toISOString(), kind: 'instant', zone: '' };
  // what names no zone is in the calendar's own, where it says which
  const whole = zone === '' ? ianaZone(calendarZone) : '';
  return whole ? { at: instantIn(local, whole), kind: 'instant', zone: whole } : { at: local, kind: 'floating', zone: '' };
}

const longestSeconds = 400 * 86_400;

/** Days of a duration are days of the calendar, also of 23 hours (RFC 5545 section 3.3.6). */
function endAfter(start: CalendarMoment | null, duration: unknown): CalendarMoment | null {
  if (!start || !(duration instanceof ICAL.Duration)) return null;
  const seconds = duration.toSeconds();
  if (!(seconds > 0 && seconds < longestSeconds)) return null;
  const days = (duration.weeks * 7 + duration.days) * 86_400;
  const local = (at: number): string => new Date(at).toISOString().slice(0, 19);
  const wall =
    start.kind === 'instant'
      ? wallClock(start.zone || 'UTC', Date.parse(start.at)).getTime()
      : Date.parse(`${start.at}${start.kind === 'day' ? 'T00:00:00Z' : 'Z'}`);
  if (Number.isNaN(wall)) return null;
  if (start.kind !== 'instant') return { ...start, at: local(wall + seconds * 1000).slice(0, start.at.length) };
  const at = Date.parse(instantIn(local(wall + days * 1000), start.zone || 'UTC')) + (seconds - days) * 1000;
  return { ...start, at: new Date(at).toISOString() };
}

const mostChanges = 20;

/** Changes of the clock come once a year, and there are few of them: what says otherwise is made to cost time. */
function isPlainZone(zone: InstanceType<typeof ICAL.Component> | null | undefined): boolean {
  const changes = zone?.getAllSubcomponents() ?? [];
  return (
    changes.length <= mostChanges &&
    changes.every((change) => {
      const rules = change.getAllProperties('rrule');
      return (
        rules.length <= 1 &&
        change.getAllProperties('rdate').length <= 200 &&
        rules.every((rule) => /^FREQ=YEARLY\b/i.test(String(rule.getFirstValue())))
      );
    })
  );
}
