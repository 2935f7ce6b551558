import { askTogether } from '../postgres/ask-together.ts';
import { int8Array } from '../postgres/binary-client.ts';
import type { Database, Query } from '../postgres/database.ts';
import type { AccountId } from '../../../lib/db/ids.ts';
import { inOneGo } from '../postgres/in-one-go.ts';
import { enqueue, unlessStopped, type AttemptResult, type NewQueueMessage } from './queue-store.ts';
import { rememberKey } from '../rules-store.ts';
import { withhold, type NewWithheld } from '../withheld-letters.ts';

/** No mailbox has this number: what is remembered of groups and forwards is apart from what mailboxes remember. */
const nobody = 0 as AccountId;

const finish = {
  name: 'queue_finish',
  text: `update queue_recipient r set state = f.state::queue_state, last_status = f.status, last_reply = f.reply, last_remote = f.remote,
      attempts = r.attempts + 1, done_at = now(), leased_by = null, leased_until = null, dot_sent_at = null
    from unnest($1::int8[], $2::text[], $3::text[], $4::text[], $5::text[]) f(id, state, status, reply, remote)
    where r.id = f.id and r.leased_by = $6 and r.state = 'queued' returning r.id`,
};
const defer = {
  name: 'queue_defer',
  text: `update queue_recipient set attempts = attempts + $8::int, next_attempt_at = ${unlessStopped('now() + make_interval(secs => $2)')}, last_status = $3, last_reply = $4,
      last_remote = $5, leased_by = null, leased_until = null, dot_sent_at = null,
      delayed_notice_at = case when $7 then now() else delayed_notice_at end
    where id = $1 and leased_by = $6 and state = 'queued' returning id`,
};
// what is put back asks for its mailbox too, which whoever deletes that has locked before its letters
const lockMessages = {
  name: 'queue_lock_messages',
  text: `with boxes as (select id from mailbox where $2 and id in (select account_id from queue_message where id = any ($1)) for share)
    select id from queue_message where id = any ($1) and (select count(*) from boxes) >= 0 order by id for update`,
};
const forgetLetters = { name: 'queue_forget_letters', text: 'delete from submission_key where queue_id = any ($1)' };
const isDone = `not exists (select 1 from queue_recipient r where r.message_id = m.id and r.state = 'queued')`;
// a message whose 250 may have got lost stays, so that its submission is recognised when it comes again
const deleteDone = {
  name: 'queue_delete_done',
  text: `delete from queue_message m where m.id = any ($1) and m.accept_key is null and ${isDone} returning id`,
};
// the usual end: the last recipients of a message go with it, and need not be written down before. Whoever locks both locks the message first.
const deleteWith = {
  name: 'queue_delete_with',
  text: `with locked as (select id from queue_message where id = any ($1) order by id for update),
    mine as (
      select id from queue_recipient where id = any ($2) and leased_by = $3 and state = 'queued' and (select count(*) from locked) >= 0
      order by id for update),
    gone as (delete from queue_message m where m.id = any ($1) and m.accept_key is null and (select count(*) from mine) = cardinality($2::int8[])
      and not exists (select 1 from queue_recipient r where r.message_id = m.id and r.state = 'queued' and r.id <> all ($2)) returning id)
    select (select count(*) from mine), (select count(*) from gone)`,
};
// the same for many, of those that nobody else is at
const endAtOnce = {
  name: 'queue_end_at_once',
  text: `with asked as (select * from unnest($1::int8[], $2::int8[], $3::text[]) a(message_id, id, worker)),
    locked as (select id from queue_message where id = any ($1) and accept_key is null order by id for update skip locked),
    mine as (select r.id, r.message_id from queue_recipient r join asked a on a.id = r.id and a.worker = r.leased_by
      where r.id = any ($2) and r.message_id in (select id from locked) and r.state = 'queued' order by r.id for update of r skip locked),
    whole as (select message_id from asked left join mine using (message_id, id) group by message_id having count(*) = count(mine.id))
    delete from queue_message m using whole where m.id = whole.message_id
      and not exists (select 1 from queue_recipient r where r.message_id = m.id and r.state = 'queued' and r.id <> all ($2)) returning m.id`,
};
const forgetKeys = {
  name: 'queue_forget_keys',
  text: `with free as (select id from queue_message where id = any ($1) order by id for update skip locked)
    update queue_message m set accept_key = null from free where m.id = free.id returning m.id, ${isDone}`,
};
const forgetHeldKey = { name: 'queue_forget_held_key', text: 'update queue_message set accept_key = null where id = $1' };
// two windows that send one letter in the same moment are still told its number; who was told that it is accepted and sends it again means it
const soonForgotten = {
  name: 'submission_answered',
  text: `update submission_key set at = now() - interval '1 hour' + interval '1 second' where queue_id = $1 and at <= now()`,
};
const orphans = {
  name: 'queue_delete_orphans',
  text: `delete from queue_message m where (m.accept_key is null or m.created_at < now() - interval '1 day') and ${isDone}`,
};

// whoever is at one of them finds out before the last dot that another one has it
const setBack = {
  name: 'queue_clock_set_back',
  text: `with ahead as (
      select r.id from queue_recipient r join queue_message m on m.id = r.message_id
      where r.state = 'queued' and r.next_attempt_at > now() + make_interval(secs => $1 + 600) and r.next_attempt_at < until_released()
        and coalesce(m.release_at, now()) <= now()
      for update of r skip locked)
    update queue_recipient r set next_attempt_at = now(), leased_until = case when r.leased_until is not null then least(r.leased_until, now()) end,
      dot_sent_at = case when r.dot_sent_at is not null then least(r.dot_sent_at, now()) end
    from ahead where r.id = ahead.id`,
};

const forgetTogether = askTogether<number, true>(async (database, ids) => {
  const forgotten = await database.note(forgetKeys, [int8Array(ids)]);
  // the queue may have been faster than the answer
  const done = forgotten.flatMap(([id, isAtEnd]) => (isAtEnd === true ? [Number(id)] : []));
  if (done.length > 0) await database.note(deleteDone, [int8Array(done)]).catch(leftToSweep);
  return new Map(forgotten.map(([id]) => [Number(id), true]));
});

/**
 * The 250 of a submission was sent: identical mail that comes now is another message. It need not wait for the disk: a key that comes back
 * after a crash is forgotten a day later.
 */
export async function forgetAcceptKey(database: Database, queueId: number): Promise<void> {
  if (!(await forgetTogether(database, queueId))) await forgetHeld(database, queueId);
}

/** Whoever holds it is most often the queue, so what it has done by then shows to a second statement only. */
async function forgetHeld(database: Database, id: number): Promise<void> {
  await database.write(forgetHeldKey, [id]);
  await database.note(deleteDone, [int8Array([id])]).catch(leftToSweep);
}

/** `deleteOrphans` finds them. */
const leftToSweep = (): void => undefined;

/** The client of a submission has read its 250: what it sends again after a moment is another letter. */
export async function forgetSubmission(database: Database, queueId: number): Promise<void> {
  await database.write(soonForgotten, [queueId]);
  await database.write(deleteDone, [int8Array([queueId])]);
}

/** Messages that are done and were not deleted then: a process died at that moment, or the sender never heard the 250 and did not come again within a day. */
export async function deleteOrphans(database: Database): Promise<void> {
  await database.write(orphans);
}

/** What was put off by a clock that was set back since would wait for as long as that was ahead. `longest`: seconds that anything is put off for. */
export async function makeUpForClock(database: Database, longest: number): Promise<void> {
  await database.write(setBack, [longest]);
}

export interface Settlement {
  worker: string;
  finished: readonly { id: number; state: 'delivered' | 'failed'; result: AttemptResult }[];
  /** `isAttempt`: it counts for how long the next one waits */
  deferred: readonly { id: number; isAttempt: boolean; delaySeconds: number; result: AttemptResult; delayedNotice: boolean }[];
  messageIds: readonly number[];
  /** reports to the sender, queued in the same transaction */
  reports: readonly NewQueueMessage[];
  /** what waits for moderators of groups */
  withheld?: readonly NewWithheld[];
  /** letters that go out only if such a one did not in so many seconds */
  once?: readonly { key: Buffer; seconds: number; message: NewQueueMessage }[];
}

/**
 * Writes down what came of an attempt, and with it the reports to the sender: both or neither. A message whose last recipient is done
 * is deleted: 'gone'. False, and nothing is written, if the lease of a recipient was lost: another worker tries it again.
 */
export async function settleAttempt(database: Database, settlement: Settlement): Promise<'kept' | 'gone' | false> {
  const { finished } = settlement;
  if (isPlainEnd(settlement) && (await endTogether(database, settlement))) return 'gone';
  try {
    return await database.transaction(async (query) => {
      const messages = [int8Array(settlement.messageIds)];
      // two workers that finish the last two recipients of a message at the same time must see each other
      const isEnd = settlement.deferred.length === 0;
      const locking = query(lockMessages, [...messages, !isEnd]);
      const ending = isEnd ? [query(deleteWith, endParameters(settlement))] : [];
      // what failed may be submitted again
      const forgetting = finished.some(({ state }) => state === 'failed') ? [query(forgetLetters, messages)] : [];
      const queueing = settlement.reports.map((report) => enqueue(query, report));
      const withholding = (settlement.withheld ?? []).map((letter) => withhold(query, letter));
      await inOneGo<unknown>([locking, ...ending, ...forgetting, ...queueing, ...withholding]);
      const [[mine, gone] = []] = (await Promise.all(ending)).flat();
      // nothing of it stays then
      if (isEnd && mine !== finished.length) throw new LeaseLost();
      await enqueueOnce(query, settlement.once ?? []);
      if (gone === settlement.messageIds.length) return 'gone';
      return (await conclude(query, settlement)) === settlement.messageIds.length ? 'gone' : 'kept';
    });
  } catch (error) {
    if (error instanceof LeaseLost) return false;
    throw error;
  }
}

/** In one order for all: what two groups release at the same time remembers the same keys. */
export async function enqueueOnce(query: Query, letters: NonNullable<Settlement['once']>): Promise<void> {
  const inOrder = letters.toSorted((one, other) => Buffer.compare(one.key, other.key));
  for (const { key, seconds, message } of inOrder) if (await rememberKey(query, nobody, key, seconds)) await enqueue(query, message);
}

const endTogether = askTogether<Settlement, true>(async (database, settlements) => {
  const ended = settlements.flatMap(({ worker, messageIds, finished }) =>
    messageIds.flatMap((messageId) => finished.map(({ id }) => ({ messageId, id, worker }))),
  );
  const rows = await database.write(endAtOnce, [
    int8Array(ended.map(({ messageId }) => messageId)),
    int8Array(ended.map(({ id }) => id)),
    ended.map(({ worker }) => worker),
  ]);
  const gone = new Set(rows.map(([id]) => Number(id)));
  return new Map(settlements.filter(({ messageIds }) => messageIds.every((id) => gone.has(id))).map((one) => [one, true]));
});

/** All went well, and nothing is to be said of it: where the message goes with it, one statement does. */
const isPlainEnd = ({ messageIds, deferred, finished, reports, withheld = [], once = [] }: Settlement): boolean =>
  messageIds.length === 1 &&
  deferred.length + reports.length + withheld.length + once.length === 0 &&
  finished.every(({ state }) => state === 'delivered');

const endParameters = ({ worker, finished, messageIds }: Settlement): unknown[] => [
  int8Array(messageIds),
  int8Array(finished.map(({ id }) => id)),
  worker,
];

/** Writes down what came of those whose message stays, or how many messages are done after all. */
async function conclude(query: Query, { worker, finished, deferred, messageIds }: Settlement): Promise<number> {
  const concluding = [
    ...(finished.length > 0 ? [query(finish, finishParameters(finished, worker))] : []),
    ...deferred.map(({ id, isAttempt, delaySeconds, result, delayedNotice }) =>
      query(defer, [id, delaySeconds, result.status, result.reply, result.remote, worker, delayedNotice, isAttempt ? 1 : 0]),
    ),
  ];
  const deleting = query(deleteDone, [int8Array(messageIds)]);
  await inOneGo([...concluding, deleting]);
  if ((await Promise.all(concluding)).flat().length < finished.length + deferred.length) throw new LeaseLost();
  return (await deleting).length;
}

const finishParameters = (finished: Settlement['finished'], worker: string): unknown[] => [
  int8Array(finished.map(({ id }) => id)),
  finished.map(({ state }) => state),
  finished.map(({ result }) => result.status),
  finished.map(({ result }) => result.reply),
  finished.map(({ result }) => result.remote),
  worker,
];

class LeaseLost extends Error {}
