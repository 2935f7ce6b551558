import { createHash } from 'node:crypto';
import { database } from '../../db/prisma.ts';
import type { CalendarInvitation } from './invitation.ts';
import type { InvitationAnswer } from './reply.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { isOwnAddress, type OwnAddresses } from '../writing/own-addresses.ts';
import type { InvitationState } from '../reading/mail-message.ts';

type Box = Pick<MailboxIdentity, 'mailboxId'>;

/** What is known of an event: by whom, which, and which instance of it. */
const eventKey = ({ organizer, uid, instance }: CalendarInvitation): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    createHash('sha256')
      .update(JSON.stringify([organizer?.address.toLowerCase() ?? '', uid, instance]))
      .digest(),
  );

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
  return {
    answer: row?.answer && (row.answeredSequence ?? 0) >= sequence ? (row.answer as InvitationAnswer) : '',
    before: row?.answer && (row.answeredSequence ?? 0) < sequence ? (row.answer as InvitationAnswer) : '',
    answeredAt: row?.answeredAt?.toISOString() ?? '',
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
  await database().$executeRaw`
    insert into invitation as i (mailbox_id, event, sequence, stamp, cancelled) values (${box.mailboxId}, ${event}, ${sequence}, ${stamp}, ${cancelled})
    on conflict (mailbox_id, event) do update set sequence = excluded.sequence, stamp = excluded.stamp, cancelled = excluded.cancelled,
        noted_at = now()
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
