import { randomUUID } from 'node:crypto';
import { database } from '../db/prisma.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import type { Letter, LetterSent, MessageReference } from './types.ts';

/**
 * The ledger of letters given to be sent, one row each, keyed by the letter's own id. Whoever takes the row submits the letter; everybody
 * else who was given the same letter gets the result of the first.
 *
 *   (none) ─▶ submitting ─▶ held ─▶ sent
 *                 │           └───▶ withdrawn ─▶ submitting …
 *                 └─ failed: withdrawn
 */
type Box = Pick<MailboxIdentity, 'mailboxId'>;

/** A submission that has not ended by then died with its process. */
const abandonedS = 180;

export interface OutgoingLetter {
  state: 'submitting' | 'held' | 'sent' | 'withdrawn';
  queueMessage: bigint | null;
  releaseAt: Date;
  letter: Letter | null;
  result: LetterSent | null;
  copy: MessageReference | null;
}

/**
 * Takes the letter to submit it. Null: somebody else has, or had. `lastTaken`: when it was taken before without it being known whether the
 * server got it (its process died, the answer was lost), or when it was taken back; null the first time.
 */
export async function takeLetter(box: Box, letter: Letter, releaseAt: Date): Promise<{ attempt: string; lastTaken: Date | null } | null> {
  const attempt = randomUUID();
  const rows = await database().$queryRaw<{ before: Date | null }[]>`
    with before as (select changed_at from outgoing_letter where mailbox_id = ${box.mailboxId} and letter_id = ${letter.id} for update)
    insert into outgoing_letter as o (mailbox_id, letter_id, state, attempt, release_at, letter)
    values (${box.mailboxId}, ${letter.id}, 'submitting', ${attempt}, ${releaseAt}, ${JSON.stringify(letter)}::jsonb)
    on conflict (mailbox_id, letter_id) do update
      set state = 'submitting', attempt = excluded.attempt, release_at = excluded.release_at, letter = excluded.letter,
        queue_message = null, result = null, copy_folder = null, copy_uid = null, changed_at = now()
      where o.state = 'withdrawn'
        or (o.state = 'submitting' and o.changed_at < now() - make_interval(secs => ${abandonedS}))
    returning (select changed_at from before) as before`;
  const [row] = rows;
  return row ? { attempt, lastTaken: row.before } : null;
}

/** What became of the letter under this attempt. An attempt that was taken over changes nothing any more. */
export async function noteSubmitted(
  box: Box,
  { letterId, attempt }: { letterId: string; attempt: string },
  change: { state: 'held' | 'sent' | 'withdrawn'; queueMessage?: bigint | null; result?: LetterSent; copy?: MessageReference | null },
): Promise<void> {
  await database().outgoingLetter.updateMany({
    where: { mailboxId: box.mailboxId, letterId, attempt },
    data: {
      state: change.state,
      // What failed keeps the moment it was taken: what the server did since then is looked for when it is tried again.
      ...(change.state === 'withdrawn' ? {} : { changedAt: new Date() }),
      ...(change.queueMessage === undefined ? {} : { queueMessage: change.queueMessage }),
      ...(change.result === undefined ? {} : { result: { ...change.result } }),
      ...(change.copy === undefined ? {} : { copyFolder: change.copy?.folder ?? null, copyUid: change.copy?.uid ?? null }),
    },
  });
}

export async function readOutgoing(box: Box, letterId: string): Promise<OutgoingLetter | null> {
  const row = await database().outgoingLetter.findUnique({ where: { mailboxId_letterId: { mailboxId: box.mailboxId, letterId } } });
  return row && asOutgoing(row);
}

type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof database>['outgoingLetter']['findUnique']>>>;

// Both were written by this file, as JSON of these types.
const asOutgoing = (row: Row): OutgoingLetter => ({
  state: row.state as OutgoingLetter['state'],
  queueMessage: row.queueMessage,
  releaseAt: row.releaseAt,
  letter: row.letter as Letter | null,
  result: row.result as unknown as LetterSent | null,
  copy: row.copyFolder === null || row.copyUid === null ? null : { folder: row.copyFolder, uid: Number(row.copyUid) },
});

/** Where the copy of a letter lies. False: it was taken back in the meantime, so that there must be none. */
export async function noteCopy(
  box: Box,
  { letterId, attempt }: { letterId: string; attempt: string },
  copy: MessageReference | null,
  result: LetterSent,
): Promise<boolean> {
  const { count } = await database().outgoingLetter.updateMany({
    where: { mailboxId: box.mailboxId, letterId, attempt, state: { in: ['held', 'sent'] } },
    data: { result: { ...result }, copyFolder: copy?.folder ?? null, copyUid: copy?.uid ?? null },
  });
  return count > 0;
}

/** The letter that lies in this place of the folder of held letters; null if none waits there. */
export async function heldAt(box: Box, place: MessageReference): Promise<{ letterId: string; outgoing: OutgoingLetter } | null> {
  const row = await database().outgoingLetter.findFirst({
    where: { mailboxId: box.mailboxId, state: 'held', copyFolder: place.folder, copyUid: place.uid },
  });
  return row && { letterId: row.letterId, outgoing: asOutgoing(row) };
}

/** Held letters of a mailbox, the next to leave first; also those whose time has come, but whose sending somebody stopped. */
export async function readHeld(box: Box): Promise<{ letterId: string; outgoing: OutgoingLetter }[]> {
  const held = await database().$queryRaw<{ letter_id: string }[]>`
    select letter_id from outgoing_letter where mailbox_id = ${box.mailboxId} and state = 'held' and is_held(queue_message)
    order by release_at limit 1000`;
  const rows = await database().outgoingLetter.findMany({
    where: { mailboxId: box.mailboxId, letterId: { in: held.map((row) => row.letter_id) }, state: 'held' },
    orderBy: { releaseAt: 'asc' },
    take: 1000,
  });
  return rows.map((row) => ({ letterId: row.letterId, outgoing: asOutgoing(row) }));
}

/** The queue's id of a letter that a dead process may have submitted, by its Message-ID; null if the server never took it. */
export async function findSubmitted(box: Box, messageId: string, since: Date): Promise<bigint | null> {
  const row = await database().traceEvent.findFirst({
    where: { step: 'submitted', accountId: box.mailboxId, messageRef: messageId, at: { gt: since } },
    orderBy: { id: 'desc' },
    select: { queueId: true },
  });
  return row?.queueId ?? null;
}

/** Takes a held letter out of the queue, if it has not begun to leave, and notes it in the ledger (SQL function of the queue). */
export async function cancelHeld(box: Box, queueMessage: bigint): Promise<boolean> {
  const [row] = await database().$queryRaw<{ done: boolean }[]>`
    select cancel_held(${box.mailboxId}::bigint, ${queueMessage}::bigint) as done`;
  return row?.done ?? false;
}

/** Gives a held letter another time to leave, in queue and ledger; false if it has begun to. */
export async function rescheduleHeld(box: Box, queueMessage: bigint, at: Date): Promise<boolean> {
  const [row] = await database().$queryRaw<{ done: boolean }[]>`
    select reschedule_held(${box.mailboxId}::bigint, ${queueMessage}::bigint, ${at}::timestamptz) as done`;
  return row?.done ?? false;
}

/**
 * Letters that began to leave the queue, of all mailboxes that may be used. The queue alone says which these are, and none comes back from
 * there: a letter that got another time, or whose sending is stopped, is not among them. Several processes may see the same: what follows can
 * be done twice.
 */
export async function readReleased(most: number): Promise<{ mailboxId: number; letterId: string; copy: MessageReference | null }[]> {
  const rows = await database().$queryRaw<{ mailbox_id: bigint; letter_id: string; copy_folder: string | null; copy_uid: bigint | null }[]>`
    select o.mailbox_id, o.letter_id, o.copy_folder, o.copy_uid from outgoing_letter o
    join mailbox m on m.id = o.mailbox_id and m.status = 'active' join customer c on c.id = m.customer_id and c.status = 'active'
    where o.state = 'held' and o.release_at <= now() and not is_held(o.queue_message) order by o.release_at limit ${most}`;
  return rows.map((row) => ({
    mailboxId: Number(row.mailbox_id),
    letterId: row.letter_id,
    copy: row.copy_folder === null || row.copy_uid === null ? null : { folder: row.copy_folder, uid: Number(row.copy_uid) },
  }));
}

/** It has left; its text is no longer needed here. */
export async function noteReleased(mailboxId: number, letterId: string): Promise<void> {
  await database().$executeRaw`
    update outgoing_letter set state = 'sent', letter = null, changed_at = now()
    where mailbox_id = ${mailboxId} and letter_id = ${letterId} and state = 'held' and not is_held(queue_message)`;
}

const keepDays = 30;

/** Forgets what was sent long ago. */
export const forgetOldLetters = async (): Promise<void> => {
  await database().$executeRaw`
    delete from outgoing_letter where state in ('sent', 'withdrawn') and changed_at < now() - make_interval(days => ${keepDays})`;
};
