'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { CalendarInvitation, CalendarMoment, CalendarPerson } from '#lib/webmail/calendar/invitation.ts';
import type { InvitationState, MessageReference } from '#lib/webmail/reading/mail-message.ts';
import { InvitationAnswer } from './invitation-answer.tsx';
import { PlainText } from './plain-text.tsx';
import { useIsPhone } from '../use-is-phone.ts';
import { useRecurrenceWords } from './recurrence-words.ts';

const methods = ['REQUEST', 'CANCEL', 'REPLY', 'COUNTER', 'DECLINECOUNTER', 'PUBLISH'] as const;
type Method = (typeof methods)[number];
const methodOf = ({ method, cancelled }: CalendarInvitation): Method =>
  cancelled ? 'CANCEL' : (methods.find((known) => known === method) ?? 'PUBLISH');

interface Props {
  invitation: CalendarInvitation;
  /** null: it cannot be answered from here (a letter inside a letter) */
  state: InvitationState | null;
  reference: MessageReference;
  /** a link to an address of mail */
  onWrite: (mailto: string) => void;
}

/** What an invitation says: what, when in the reader's zone (and in the sender's, if it differs), where, who. */
export function CalendarCard({ invitation, state, reference, onWrite }: Props) {
  const repeats = useRecurrenceWords();
  // on the phone the subject is the page's first heading
  const Heading = useIsPhone() ? 'h2' : 'h3';
  const text = useTranslations('mail.read.calendar');
  const { title, place, description, organizer, attendees } = invitation;
  const names = (people: readonly { name: string; address: string }[]) => people.map((person) => person.name || person.address).join(', ');
  const withAnswer = (person: CalendarPerson): string => {
    const name = person.name || person.address;
    return isAnswer(person.answer) ? text('attendee', { name, answer: text(`has.${person.answer}`) }) : name;
  };
  return (
    <section className="calendar-card" aria-label={text('label')}>
      <p className="dim">{text(`method.${methodOf(invitation)}`)}</p>
      <Heading>{title || text('noTitle')}</Heading>
      {invitation.instance ? <p className="dim">{text('oneOfSeries')}</p> : null}
      {methodOf(invitation) === 'REPLY'
        ? attendees
            .filter((person) => isAnswer(person.answer))
            .map((person) => (
              <p key={person.address} className="calendar-state">
                {isAnswer(person.answer) ? text(`replied.${person.answer}`, { name: person.name || person.address }) : null}
              </p>
            ))
        : null}
      <dl>
        {invitation.start ? (
          <>
            <dt>{text('when')}</dt>
            <dd>
              <When start={invitation.start} end={invitation.end} />
            </dd>
          </>
        ) : null}
        {invitation.recurrence ? (
          <>
            <dt>{text('repeats')}</dt>
            <dd>{repeats(invitation.recurrence)}</dd>
          </>
        ) : null}
        {place.length > 0 ? (
          <>
            <dt>{text('where')}</dt>
            <dd className="plain">
              <PlainText blocks={place} folded={false} onWrite={onWrite} />
            </dd>
          </>
        ) : null}
        {organizer ? (
          <>
            <dt>{text('organizer')}</dt>
            <dd>{names([organizer])}</dd>
          </>
        ) : null}
        {attendees.length > 0 ? (
          <>
            <dt>{text('attendees')}</dt>
            <dd>{attendees.map(withAnswer).join(', ')}</dd>
          </>
        ) : null}
        {description.length > 0 ? (
          <>
            <dt>{text('description')}</dt>
            <dd className="plain">
              <PlainText blocks={description} folded={false} onWrite={onWrite} />
            </dd>
          </>
        ) : null}
      </dl>
      {invitation.others > 0 ? <p className="dim">{text('others', { count: invitation.others })}</p> : null}
      {state ? <InvitationAnswer state={state} reference={reference} /> : null}
    </section>
  );
}

const isAnswer = (answer: string): answer is 'ACCEPTED' | 'TENTATIVE' | 'DECLINED' => /^(ACCEPTED|TENTATIVE|DECLINED)$/.test(answer);

/** "America/New_York": New York */
const placeOf = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');

const minuteMs = 60_000;

function When({ start, end }: { start: CalendarMoment; end: CalendarMoment | null }) {
  const format = useFormatter();
  const text = useTranslations('mail.read.calendar');
  const day = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  // days and times without a zone are the same everywhere: they are written as they stand
  const zoneOf = (moment: CalendarMoment): string | undefined => (moment.kind === 'instant' ? undefined : 'UTC');
  const dateOf = (moment: CalendarMoment): Date =>
    new Date(moment.kind === 'instant' ? moment.at : moment.kind === 'day' ? `${moment.at}T00:00Z` : `${moment.at}Z`);
  const write = (moment: CalendarMoment, zone: string | undefined): string =>
    format.dateTime(dateOf(moment), { ...day, ...(moment.kind === 'day' ? {} : time), ...(zone ? { timeZone: zone } : {}) });
  const dayOf = (moment: CalendarMoment): string =>
    format.dateTime(dateOf(moment), { ...day, ...(zoneOf(moment) ? { timeZone: 'UTC' } : {}) });
  const until = (): string => {
    if (!end) return '';
    // the end of whole days is the first day that is free again
    if (end.kind === 'day') {
      const last = { ...end, at: new Date(dateOf(end).getTime() - minuteMs).toISOString().slice(0, 10) };
      return last.at <= start.at ? '' : ` – ${write(last, 'UTC')}`;
    }
    if (dayOf(end) === dayOf(start)) return ` – ${format.dateTime(dateOf(end), { ...time, ...(zoneOf(end) ? { timeZone: 'UTC' } : {}) })}`;
    return ` – ${write(end, zoneOf(end))}`;
  };
  const elsewhere = start.kind === 'instant' && start.zone ? write(start, start.zone) : '';
  const here = write(start, zoneOf(start));
  return (
    <>
      {here}
      {until()}
      {elsewhere && elsewhere !== here ? ` (${text('inZone', { time: elsewhere, zone: placeOf(start.zone) })})` : ''}
    </>
  );
}
