import ICAL from 'ical.js';
import { mainEvent, methodOf } from './invitation.ts';
import { ianaZone } from './zones.ts';
import { instantIn } from './zoned-instant.ts';

export type InvitationAnswer = 'ACCEPTED' | 'TENTATIVE' | 'DECLINED';

export interface ReplyWish {
  answer: InvitationAnswer;
  attendee: { name: string; address: string };
  /** ISO 8601 instant of the answer */
  at: string;
  /** what the part's type says, where the object names no method */
  method?: string;
}

const copied = ['uid', 'sequence', 'organizer', 'recurrence-id', 'dtstart', 'dtend', 'duration', 'summary', 'location'];
const longestText = 1000;
const mostZones = 5;

/**
 * The answer to an invitation (RFC 5546 section 3.2.3): the same event with the one attendee who answers. Null where there is nothing to
 * answer. Runs in a worker.
 */
export function calendarReply(source: string, { answer, attendee, at, method = '' }: ReplyWish): string | null {
  const found = readSafely(source, method);
  if (!found?.event.getFirstPropertyValue('uid')) return null;
  const reply = new ICAL.Component('vcalendar');
  reply.updatePropertyWithValue('prodid', '-//Postamt//Webmail//DE');
  reply.updatePropertyWithValue('version', '2.0');
  reply.updatePropertyWithValue('method', 'REPLY');
  const event = new ICAL.Component('vevent');
  const described = new Map(found.calendar.getAllSubcomponents('vtimezone').map((one) => [String(one.getFirstPropertyValue('tzid')), one]));
  const zones = new Set<string>();
  for (const name of copied) {
    const property = found.event.getFirstProperty(name);
    if (!property || (name === 'location' && String(property.getFirstValue()).length > longestText)) continue;
    const copy = event.addProperty(new ICAL.Property(structuredClone(property.toJSON())));
    const zone = property.getParameter('tzid');
    if (typeof zone !== 'string') continue;
    if (described.has(zone)) zones.add(zone);
    else sayInUtc(copy, ianaZone(zone));
  }
  const own = new ICAL.Property('attendee');
  own.setParameter('partstat', answer);
  if (attendee.name) own.setParameter('cn', attendee.name.replace(/["\p{Cc}]/gu, ' ').trim());
  own.setValue(`mailto:${attendee.address}`);
  event.addProperty(own);
  event.updatePropertyWithValue('dtstamp', ICAL.Time.fromJSDate(new Date(at), true));
  const status = new ICAL.Property('request-status');
  status.setValue(['2.0', 'Success'] as never);
  event.addProperty(status);
  for (const name of [...zones].slice(0, mostZones))
    reply.addSubcomponent(new ICAL.Component(structuredClone(described.get(name)?.toJSON())));
  reply.addSubcomponent(event);
  return `${reply.toString()}\r\n`;
}

/** A zone is named only beside its description (RFC 5545 section 3.2.19), which some invitations lack. */
function sayInUtc(property: InstanceType<typeof ICAL.Property>, zone: string): void {
  const value = property.getFirstValue();
  const local = value instanceof ICAL.Time && !value.isDate ? value.toString() : '';
  if (zone === '' || Number.isNaN(Date.parse(`${local.replace(/Z$/, '')}Z`))) return;
  property.removeParameter('tzid');
  if (!local.endsWith('Z')) property.setValue(ICAL.Time.fromJSDate(new Date(instantIn(local, zone)), true));
}

function readSafely(source: string, given: string): ReturnType<typeof mainEvent> {
  try {
    const found = mainEvent(source);
    return found?.event.name === 'vevent' && methodOf(found.calendar, given) === 'REQUEST' ? found : null;
  } catch {
    return null;
  }
}
