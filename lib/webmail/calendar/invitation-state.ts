import { createHash } from 'node:crypto';
import { database } from '../../db/prisma.ts';
import { storableJson } from '../../mime/storable-json.ts';
import type { CalendarInvitation, CalendarMoment } from './invitation.ts';
import type { InvitationAnswer } from './reply.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { isOwnAddress, type OwnAddresses } from '../writing/own-addresses.ts';
import type { EventSaid, InvitationState } from '../reading/mail-message.ts';
import { textOfBlocks } from '../view/text-blocks.ts';

type Box = Pick<MailboxIdentity, 'mailboxId'>;

/** What is known of an event: by whom, which, and which instance of it. */
const eventKey = ({ organizer, uid, instance }: CalendarInvitation): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    createHash('sha256')
      .update(JSON.stringify([organizer?.address.toLowerCase() ?? '', uid, instance]))
      .digest(),
  );

const longest = 500;

/** What people go by, as a row keeps it. */
export const saidOf = ({ title, start, end, place }: Pick<CalendarInvitation, 'title' | 'start' | 'end' | 'place'>): EventSaid =>
  JSON.parse(storableJson({ title: title.slice(0, longest), start, end, place: textOfBlocks(place).slice(0, longest) })) as EventSaid;

/** What of it was another before: empty where it was the same; null: nothing was. */
export function changeFrom(known: unknown, now: EventSaid): EventSaid | null {
  const before = known as EventSaid | null;
  if (!before) return null;
  const [title, place] = [before.title === now.title ? '' : before.title, before.place === now.place ? '' : before.place];
  const moved = !isSame(before.start, now.start) || !isSame(before.end, now.end);
  return title || place || moved ? { title, place, start: moved ? before.start : null, end: moved ? before.end : null } : null;
}

const isSame = (one: CalendarMoment | null, other: CalendarMoment | null): boolean => one?.at === other?.at && one?.kind === other?.kind;

const isCancellation = ({ method, cancelled }: CalendarInvitation): boolean => method === 'CANCEL' || cancelled;

/**
 * What the reader can do with an invitation and has done. Notes on the way which state of the event this letter brought, so that an older
 * letter, opened later, is told to be one; what fails the check of its sender notes nothing: anybody could call off a meeting by it.
 */
export async function invitationState(
  box: Box,
  invitation: CalendarInvitation,
  believed: boolean,
  own: OwnAddresses,
): Promise<InvitationState> {
  const { method, uid, sequence, stamp, organizer } = invitation;
  const ofOthers = organizer !== null && !isOwnAddress(own, organizer.address);
  const followed = uid !== '' && ofOthers && (method === 'REQUEST' || method === 'CANCEL');
  if (followed && believed) await noteState(box, invitation);
  const row = followed ? await findRow(box, invitation) : null;
  const newer = row !== null && (row.sequence > sequence || (row.sequence === sequence && row.stamp > stamp));
  const isNewest = row !== null && row.sequence === sequence && row.stamp === stamp;
  return {
    answer: row?.answer && (row.answeredSequence ?? 0) >= sequence ? (row.answer as InvitationAnswer) : '',
    before: row?.answer && (row.answeredSequence ?? 0) < sequence ? (row.answer as InvitationAnswer) : '',
    answeredAt: row?.answeredAt?.toISOString() ?? '',
    // an older letter does not know what followed; what nobody believes is not noted, so what is known comes before it
    saidBefore: method !== 'REQUEST' || newer || !row ? null : changeFrom(isNewest ? row.saidBefore : row.said, saidOf(invitation)),
    update: method === 'REQUEST' && sequence > 0,
    outdated: newer,
    cancelled: isCancellation(invitation) || (row?.cancelled ?? false),
    mayAnswer: followed && method === 'REQUEST' && !newer && !row?.cancelled && organizer.address.includes('@'),
  };
}

const findRow = (box: Box, invitation: CalendarInvitation) =>
  database().invitation.findUnique({ where: { mailboxId_event: { mailboxId: box.mailboxId, event: eventKey(invitation) } } });

async function noteState(box: Box, invitation: CalendarInvitation): Promise<void> {
  const event = eventKey(invitation);
  const cancelled = isCancellation(invitation);
  const { sequence, stamp } = invitation;
  const said = storableJson(saidOf(invitation));
  await database().$executeRaw`
    insert into invitation as i (mailbox_id, event, sequence, stamp, cancelled, said)
    values (${box.mailboxId}, ${event}, ${sequence}, ${stamp}, ${cancelled}, ${said}::jsonb)
    on conflict (mailbox_id, event) do update set sequence = excluded.sequence, stamp = excluded.stamp, cancelled = excluded.cancelled,
        said = excluded.said, said_before = case when i.said = excluded.said then i.said_before else i.said end, noted_at = now()
      where (excluded.sequence, excluded.stamp) > (i.sequence, i.stamp)`;
}

export async function noteAnswer(box: Box, invitation: CalendarInvitation, answer: InvitationAnswer): Promise<void> {
  const event = eventKey(invitation);
  const { sequence, stamp } = invitation;
  const given = { answer, answeredSequence: sequence, answeredAt: new Date(), notedAt: new Date() };
  await database().invitation.upsert({
    where: { mailboxId_event: { mailboxId: box.mailboxId, event } },
    create: { mailboxId: box.mailboxId, event, sequence, stamp, ...given },
    update: given,
  });
}
