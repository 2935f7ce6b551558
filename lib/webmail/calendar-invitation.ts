import ICAL from 'ical.js';

/** What an invitation (RFC 5545, 5546) says to its reader. Plain data. */
export interface CalendarInvitation {
  /** REQUEST, CANCEL, REPLY, PUBLISH …, upper case; empty if none is given */
  method: string;
  uid: string;
  sequence: number;
  title: string;
  place: string;
  description: string;
  start: CalendarMoment | null;
  end: CalendarMoment | null;
  /** it comes again */
  recurring: boolean;
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

/** The first event of a calendar object; null if there is none that can be read. Never throws. */
export function readInvitation(source: string): CalendarInvitation | null {
  if (source.length > longest) return null;
  try {
    const calendar = new ICAL.Component(ICAL.parse(source));
    const event = calendar.getFirstSubcomponent('vevent') ?? calendar.getFirstSubcomponent('vtodo');
    if (!event) return null;
    const text = (name: string): string => String(event.getFirstPropertyValue(name) ?? '').slice(0, 20_000);
    const organizer = event.getFirstProperty('organizer');
    return {
      method: String(calendar.getFirstPropertyValue('method') ?? '').toUpperCase(),
      uid: text('uid'),
      sequence: Number(event.getFirstPropertyValue('sequence') ?? 0) || 0,
      title: text('summary'),
      place: text('location'),
      description: text('description'),
      start: moment(event.getFirstProperty('dtstart')),
      end: moment(event.getFirstProperty('dtend')) ?? moment(event.getFirstProperty('due')),
      recurring: event.getFirstProperty('rrule') !== null,
      cancelled: text('status').toUpperCase() === 'CANCELLED',
      organizer: organizer ? person(organizer) : null,
      attendees: event.getAllProperties('attendee').slice(0, mostAttendees).map(person),
    };
  } catch {
    return null;
  }
}

type Property = NonNullable<ReturnType<InstanceType<typeof ICAL.Component>['getFirstProperty']>>;

function person(property: Property): CalendarPerson {
  const parameter = (name: string): string => {
    const value = property.getParameter(name);
    return (Array.isArray(value) ? value[0] : value) ?? '';
  };
  return {
    name: parameter('cn'),
    address: String(property.getFirstValue() ?? '').replace(/^mailto:/i, ''),
    answer: parameter('partstat').toUpperCase(),
  };
}

function moment(property: Property | null): CalendarMoment | null {
  const value = property?.getFirstValue();
  if (!property || !(value instanceof ICAL.Time)) return null;
  const local = value.toString().replace(/Z$/, '');
  if (value.isDate) return { at: local, kind: 'day', zone: '' };
  const given = property.getParameter('tzid');
  const zone = String((Array.isArray(given) ? given[0] : given) ?? '');
  if (value.zone === ICAL.Timezone.utcTimezone) return { at: `${local}Z`, kind: 'instant', zone: '' };
  // a zone that the object describes itself is right even where its name is Outlook's
  if (value.zone && value.zone !== ICAL.Timezone.localTimezone) {
    return { at: new Date(value.toUnixTime() * 1000).toISOString(), kind: 'instant', zone: ianaZone(zone) };
  }
  const known = ianaZone(zone);
  return known ? { at: instantIn(local, known), kind: 'instant', zone: known } : { at: local, kind: 'floating', zone: '' };
}

/** Name of a zone that this machine knows; empty for all others. */
function ianaZone(name: string): string {
  const plain = windowsZones[name] ?? name.replace(/^\/[^/]+\/(?:[^/]+\/)?(?=[A-Z][a-z]+\/)/, '');
  try {
    return plain === '' ? '' : new Intl.DateTimeFormat('en', { timeZone: plain }).resolvedOptions().timeZone;
  } catch {
    return '';
  }
}

/** The instant of a local time in a zone. */
function instantIn(local: string, zone: string): string {
  const asUtc = Date.parse(`${local}Z`);
  const offset = (at: number): number => {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(at);
    const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value ?? 0);
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - at;
  };
  // twice: around a change of the clock the first guess may lie on its other side
  const guess = asUtc - offset(asUtc);
  return new Date(asUtc - offset(guess)).toISOString();
}

const windowsZones: Record<string, string> = {
  'W. Europe Standard Time': 'Europe/Berlin',
  'Central Europe Standard Time': 'Europe/Budapest',
  'Central European Standard Time': 'Europe/Warsaw',
  'Romance Standard Time': 'Europe/Paris',
  'GMT Standard Time': 'Europe/London',
  'E. Europe Standard Time': 'Europe/Chisinau',
  'FLE Standard Time': 'Europe/Kiev',
  'GTB Standard Time': 'Europe/Bucharest',
  'Turkey Standard Time': 'Europe/Istanbul',
  'Russian Standard Time': 'Europe/Moscow',
  'Eastern Standard Time': 'America/New_York',
  'Central Standard Time': 'America/Chicago',
  'Mountain Standard Time': 'America/Denver',
  'Pacific Standard Time': 'America/Los_Angeles',
  'China Standard Time': 'Asia/Shanghai',
  'Tokyo Standard Time': 'Asia/Tokyo',
  'India Standard Time': 'Asia/Kolkata',
  UTC: 'UTC',
};
