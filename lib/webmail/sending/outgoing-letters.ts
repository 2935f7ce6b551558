import { randomUUID } from 'node:crypto';
import { database } from '../../db/prisma.ts';
import { storableJson } from '../../mime/storable-json.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import type { Letter, LetterLeaving, LetterSent } from '../writing/letter.ts';
import type { MessageReference } from '../reading/mail-message.ts';
import { databaseTime } from './release-clock.ts';

/**
 * The ledger of letters given to be sent, one row each, keyed by the letter's own id. Whoever takes the row submits the letter; everybody
 * else who was given the same letter gets the result of the first. `press` says which press of "Send" a request belongs to: repeated, it
 * is the same wish; another one is a newer wish and takes the place of what has not left yet. A press that was taken back stays so, also
 * where its letter arrives later than the wish to take it back.
 *
 *   (none) ─▶ submitting ─▶ held ─▶ sent
 *                 │ ▲         └───▶ withdrawn ─▶ submitting … (with another press)
 *                 ▼ │
 *                failed
 */
type Box = Pick<MailboxIdentity, 'mailboxId'>;

/** Who submits says so every few seconds; a submission that is silent for longer died with its process. */
export const heartbeatMs = 3000;
const abandonedS = 15;

export interface OutgoingLetter {
  state: 'submitting' | 'held' | 'sent' | 'withdrawn' | 'failed';
  press: string;
  /** those whose place it took */
  pressesBefore: string[];
  queueMessage: bigint | null;
  releaseAt: Date;
  takenAt: Date;
  changedAt: Date;
  letter: Letter | null;
  result: LetterSent | null;
  copy: MessageReference | null;
}

export interface Taken {
  attempt: string;
  /** when it was taken, by the clock of the database */
  begun: Date;
  /** when it leaves: for a press that is taken up again, the moment it was first given, so that the same bytes are made */
  releaseAt: Date;
  /** since when it is not known whether the server has it (its process died, the answer was lost); null the first time */
  uncertainSince: Date | null;
  /** the press it was taken with before */
  pressBefore: string;
}

/** Takes the letter to submit it. Null: somebody else has, or had, or it was taken back. */
export async function takeLetter(box: Box, letter: Letter, press: string, releaseAt: Date): Promise<Taken | null> {
  const attempt = randomUUID();
  const rows = await database().$queryRaw<{ uncertain: boolean; press_before: string | null; since: Date; release: Date; begun: Date }[]>`
    insert into outgoing_letter as o (mailbox_id, letter_id, state, attempt, press, release_at, letter)
    values (${box.mailboxId}, ${letter.id}, 'submitting', ${attempt}, ${press}, ${releaseAt}, ${storableJson(letter)}::jsonb)
    on conflict (mailbox_id, letter_id) do update
      set state = 'submitting', attempt = excluded.attempt, press = excluded.press, letter = excluded.letter,
        release_at = case when o.press = excluded.press and o.state = 'submitting' then o.release_at else excluded.release_at end,
        presses_before = case when o.press = excluded.press then o.presses_before else o.presses_before || o.press end,
        taken_at = case when o.state = 'withdrawn' then now() else o.taken_at end,
        queue_message = null, result = null, copy_folder = null, copy_uid = null, changed_at = now()
      where (excluded.press = '' or excluded.press <> all (o.presses_before)) and (
        o.state = 'failed'
        or (o.state = 'withdrawn' and (o.press <> excluded.press or excluded.press = ''))
        or (o.state = 'submitting' and o.changed_at < now() - make_interval(secs => ${abandonedS})))
    returning coalesce(old.state <> 'withdrawn', false) as uncertain, old.press as press_before, new.taken_at as since, new.release_at as release,
      now() as begun`;
  const [row] = rows;
  if (!row) return null;
  return {
    attempt,
    begun: row.begun,
    releaseAt: row.release,
    uncertainSince: row.uncertain ? row.since : null,
    pressBefore: row.press_before ?? press,
  };
}

/** Whoever submits is alive; by the clock of the database, as everything that is measured against it. */
export const noteAlive = (box: Box, { letterId, attempt }: { letterId: string; attempt: string }): Promise<unknown> =>
  database().$executeRaw`
    update outgoing_letter set changed_at = now()
    where mailbox_id = ${box.mailboxId} and letter_id = ${letterId} and attempt = ${attempt} and state = 'submitting'`;

/** What became of the letter under this attempt. An attempt that was taken over changes nothing any more. */
export async function noteSubmitted(
  box: Box,
  { letterId, attempt }: { letterId: string; attempt: string },
  change: { state: 'held' | 'sent' | 'failed'; queueMessage?: bigint | null; result?: LetterSent },
): Promise<void> {
  await database().outgoingLetter.updateMany({
    where: { mailboxId: box.mailboxId, letterId, attempt },
    data: {
      state: change.state,
      changedAt: await databaseTime(),
      ...(change.queueMessage === undefined ? {} : { queueMessage: change.queueMessage }),
      ...(change.result === undefined ? {} : { result: { ...change.result } }),
    },
  });
}

/** Where its copy lies, and that all is done (`sent`). False: it was taken back meanwhile, or taken over. */
export async function noteConcluded(
  box: Box,
  { letterId, attempt }: { letterId: string; attempt: string },
  change: { sent?: true; copy?: MessageReference | null; result?: LetterSent },
): Promise<boolean> {
  const { count } = await database().outgoingLetter.updateMany({
    where: { mailboxId: box.mailboxId, letterId, attempt, state: { in: ['held', 'sent'] } },
    data: {
      changedAt: await databaseTime(),
      ...(change.sent ? { state: 'sent' } : {}),
      ...(change.result === undefined ? {} : { result: { ...change.result } }),
      ...(change.copy === undefined ? {} : { copyFolder: change.copy?.folder ?? null, copyUid: change.copy?.uid ?? null }),
    },
  });
  return count > 0;
}

export async function readOutgoing(box: Box, letterId: string): Promise<OutgoingLetter | null> {
  const row = await database().outgoingLetter.findUnique({ where: { mailboxId_letterId: { mailboxId: box.mailboxId, letterId } } });
  return row && asOutgoing(row);
}

type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof database>['outgoingLetter']['findUnique']>>>;

// Both were written by this file, as JSON of these types.
const asOutgoing = (row: Row): OutgoingLetter => ({
  state: row.state as OutgoingLetter['state'],
  press: row.press,
  pressesBefore: row.pressesBefore,
  queueMessage: row.queueMessage,
  releaseAt: row.releaseAt,
  takenAt: row.takenAt,
  changedAt: row.changedAt,
  letter: row.letter as Letter | null,
  result: row.result as unknown as LetterSent | null,
  copy: row.copyFolder === null || row.copyUid === null ? null : { folder: row.copyFolder, uid: Number(row.copyUid) },
});

/** A letter that failed was taken back. (Of one that waits, `cancelHeld` says so.) */
export async function noteWithdrawn(box: Box, letterId: string): Promise<void> {
  await database().outgoingLetter.updateMany({
    where: { mailboxId: box.mailboxId, letterId, state: 'failed' },
    data: { state: 'withdrawn', changedAt: await databaseTime() },
  });
}

/** A letter that was never given was taken back: its press does nothing if it comes yet. False: it was given meanwhile. */
export async function refusePress(box: Box, letterId: string, press: string): Promise<boolean> {
  const { count } = await database().outgoingLetter.createMany({
    data: [{ mailboxId: box.mailboxId, letterId, press, state: 'withdrawn', attempt: randomUUID(), releaseAt: await databaseTime() }],
    skipDuplicates: true,
  });
  return count > 0;
}

/** Letters whose submission died with its process, of mailboxes that may be used. */
export async function readAbandoned(most: number): Promise<{ mailboxId: number; letter: Letter; press: string; releaseAt: Date }[]> {
  const rows = await database().outgoingLetter.findMany({
    where: {
      state: 'submitting',
      changedAt: { lt: new Date((await databaseTime()).getTime() - 2 * abandonedS * 1000) },
      mailbox: { status: 'active', customer: { status: 'active' } },
    },
    take: most,
  });
  return rows.flatMap((row) => {
    const { letter } = asOutgoing(row);
    return letter ? [{ mailboxId: Number(row.mailboxId), letter, press: row.press, releaseAt: row.releaseAt }] : [];
  });
}

/** The letter that lies in this place of the folder of held letters; null if none waits there. */
export async function heldAt(box: Box, place: MessageReference): Promise<{ letterId: string; outgoing: OutgoingLetter } | null> {
  const row = await database().outgoingLetter.findFirst({
    where: { mailboxId: box.mailboxId, state: 'held', copyFolder: place.folder, copyUid: place.uid },
  });
  return row && { letterId: row.letterId, outgoing: asOutgoing(row) };
}

/** Whether letters wait there for their time, or come to lie there this moment. */
export const waitsIn = async (box: Box, folder: string): Promise<boolean> =>
  (await database().outgoingLetter.count({
    where: {
      mailboxId: box.mailboxId,
      OR: [
        { state: 'held', copyFolder: folder },
        { state: { in: ['held', 'submitting'] }, copyFolder: null, releaseAt: { gt: await databaseTime() } },
      ],
    },
    take: 1,
  })) > 0;

/** The most seconds of the setting, and the one that their end is rounded up by: what waits longer, somebody chose a later moment for. */
export const longestUndoMs = 31_000;

/** Letters of which "Send" was pressed a moment ago, and which can still be taken back; the next to leave first. */
export const readLeaving = (box: Box): Promise<LetterLeaving[]> =>
  database().$queryRaw<LetterLeaving[]>`
    select letter, press, (extract(epoch from release_at - now()) * 1000)::float8 as "leavesInMs" from outgoing_letter
    where mailbox_id = ${box.mailboxId} and state = 'held' and press <> '' and letter is not null
      and release_at > now() and release_at <= changed_at + make_interval(secs => ${longestUndoMs / 1000}) and is_held(queue_message)
    order by release_at limit 20`;

/** The queue's id of a letter that may have been submitted, by its Message-ID; null if the server never took it. */
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
    where o.state = 'held' and o.release_at <= now() and not is_held(o.queue_message) order by o.changed_at limit ${most}`;
  return rows.map((row) => ({
    mailboxId: Number(row.mailbox_id),
    letterId: row.letter_id,
    copy: row.copy_folder === null || row.copy_uid === null ? null : { folder: row.copy_folder, uid: Number(row.copy_uid) },
  }));
}

/** It could not be settled: others have their turn before it is tried again. */
export const noteUnsettled = ({ mailboxId, letterId }: { mailboxId: number; letterId: string }): Promise<unknown> =>
  database().$executeRaw`
    update outgoing_letter set changed_at = now() where mailbox_id = ${mailboxId} and letter_id = ${letterId} and state = 'held'`;

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
    delete from outgoing_letter where state in ('sent', 'withdrawn', 'failed') and changed_at < now() - make_interval(days => ${keepDays})`;
};
