'use client';

import type { CalendarInvitation, CalendarMoment, CalendarPerson } from '#lib/webmail/calendar/invitation.ts';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { InvitationState, MessageReference } from '#lib/webmail/reading/mail-message.ts';
import { dateOf, useMomentWords } from './calendar-moment.ts';
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
  const { title, place, description, comment, end, organizer, attendees, exceptions, also, moved } = invitation;
  const before = state?.saidBefore ?? null;
  const words = useMomentWords();
  const list = new Intl.ListFormat(useLocale(), { type: 'conjunction' });
  const names = (people: readonly { name: string; address: string }[]) => people.map((person) => person.name || person.address).join(', ');
  const withAnswer = (person: CalendarPerson): string => {
    const name = person.name || person.address;
    return isAnswer(person.answer) ? text('attendee', { name, answer: text(`has.${person.answer}`) }) : name;
  };
  return (
    <section className="calendar-card" aria-label={text('label')}>
      <p className="dim">{text(`method.${methodOf(invitation)}`)}</p>
      <Heading>{title || text('noTitle')}</Heading>
      {before?.title ? <Before>{before.title}</Before> : null}
      {invitation.instance ? <p className="dim">{text(invitation.following ? 'followingOfSeries' : 'oneOfSeries')}</p> : null}
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
        {invitation.start || end ? (
          <>
            <dt>{text('when')}</dt>
            <dd>
              {invitation.start ? <When start={invitation.start} end={end} /> : end && text('due', { time: words.whole(end) })}
              {before?.start ? (
                <Before>
                  <When start={before.start} end={before.end} />
                </Before>
              ) : null}
            </dd>
          </>
        ) : null}
        {invitation.recurrence || also.length > 0 ? (
          <>
            <dt>{text('repeats')}</dt>
            <dd>
              {invitation.recurrence ? repeats(invitation.recurrence) : null}
              {also.length > 0 ? <p>{text('repeat.also', { days: list.format(also.map((day) => words.whole(day))) })}</p> : null}
              {exceptions.length > 0 ? <p>{text('repeat.except', { days: list.format(exceptions.map(words.day)) })}</p> : null}
              {moved.map(({ from, to }) => (
                <p key={from.at}>{text('repeat.moved', { from: words.whole(from), to: words.whole(to) })}</p>
              ))}
            </dd>
          </>
        ) : null}
        {place.length > 0 ? (
          <>
            <dt>{text('where')}</dt>
            <dd className="plain">
              <PlainText blocks={place} folded={false} onWrite={onWrite} />
              {before?.place ? <Before>{before.place}</Before> : null}
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
        {comment.length > 0 ? (
          <>
            <dt>{text('comment')}</dt>
            <dd className="plain">
              <PlainText blocks={comment} folded={false} onWrite={onWrite} />
            </dd>
          </>
        ) : null}
      </dl>
      {invitation.others > 0 ? <p className="dim">{text('others', { count: invitation.others })}</p> : null}
      {state ? <InvitationAnswer state={state} reference={reference} /> : null}
      {/* programs write pages of it: what is asked stands above */}
      {description.length > 0 ? (
        <dl>
          <dt>{text('description')}</dt>
          <dd className="plain">
            <PlainText blocks={description} folded={false} onWrite={onWrite} />
          </dd>
        </dl>
      ) : null}
    </section>
  );
}

/** What a changed invitation said before. */
function Before({ children }: { children: ReactNode }) {
  const text = useTranslations('mail.read.calendar');
  return (
    <p className="dim">
      {text('was')} {children}
    </p>
  );
}

const isAnswer = (answer: string): answer is 'ACCEPTED' | 'TENTATIVE' | 'DECLINED' => /^(ACCEPTED|TENTATIVE|DECLINED)$/.test(answer);

/** "America/New_York": New York */
const placeOf = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');

const minuteMs = 60_000;

function When({ start, end }: { start: CalendarMoment; end: CalendarMoment | null }) {
  const words = useMomentWords();
  const text = useTranslations('mail.read.calendar');
  const until = (): string => {
    if (!end) return '';
    // the end of whole days is the first day that is free again
    if (end.kind === 'day') {
      const last = { ...end, at: new Date(dateOf(end).getTime() - minuteMs).toISOString().slice(0, 10) };
      return last.at <= start.at ? '' : ` – ${words.whole(last)}`;
    }
    return ` – ${words.day(end) === words.day(start) ? words.time(end) : words.whole(end)}`;
  };
  const elsewhere = start.kind === 'instant' && start.zone ? words.whole(start, start.zone) : '';
  const here = words.whole(start);
  return (
    <>
      {here}
      {until()}
      {elsewhere && elsewhere !== here ? ` (${text('inZone', { time: elsewhere, zone: placeOf(start.zone) })})` : ''}
    </>
  );
}
