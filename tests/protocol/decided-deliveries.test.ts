import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { customerId, type AccountId } from '#lib/db/ids.ts';
import { unknownProvenance, writtenHere } from '#lib/mime/judgement.ts';
import type { NewQueueMessage } from '#mail-server/store/queue/queue-store.ts';
import { markOf, withTwin } from '#mail-server/store/rules-store.ts';
import { Flag, INBOX_ID, type Decided } from '#mail-server/store/mail-store.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { newMessage, openTestProcess, type TestProcess } from '#tests/support/store.ts';

// What rules made of letters that come for one mailbox at the same time is committed together, and is still each letter's own.

let database: TestDatabase;
let process: TestProcess;
let account: AccountId;
let serial = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  process = openTestProcess(database.url);
});
afterAll(async () => {
  await process.close();
  await database.drop();
});
beforeEach(async () => {
  account = await createAccount(database.url, `m${++serial}@muster.at`, 100_000);
  await sql(database.url, 'delete from queue_message');
});

const outgoing = (subject: string): NewQueueMessage => ({
  customerId: customerId(1),
  accountId: null,
  sender: '',
  locale: 'de',
  content: Buffer.from(`Subject: ${subject}\r\n\r\nText\r\n`),
  smtputf8: false,
  dsnReturn: null,
  dsnEnvelope: null,
  acceptKey: null,
  provenance: writtenHere,
  recipients: [{ address: 'x@example.org', domain: 'example.org', dsnNotify: null, dsnOriginal: null }],
});
const keyOf = (text: string): Buffer => createHash('sha256').update(text).digest();
const decided = (subject: string, more: Partial<Decided> = {}, body = 'Text'): Decided => {
  const message = newMessage(`Subject: ${subject}\nMessage-ID: <${subject}-${serial}@test>\n\n${body}\n`);
  return {
    account,
    key: keyOf(subject),
    sharedKey: null,
    copies: [
      { folderId: INBOX_ID, create: null, message },
      { folderId: null, create: 'Listen', message },
    ],
    outgoing: [outgoing(subject)],
    withheld: [],
    once: [],
    ...more,
  };
};
const subjects = Array.from({ length: 12 }, (_, number) => `brief-${number}`);
const stored = () =>
  sql(
    database.url,
    `select f.name, m.xmin::text as at, encode(m.header, 'escape') as header from folder_message fm join folder f using (account_id, folder_id)
      join message m using (account_id, message_id) where fm.account_id = ${account} order by fm.uid`,
  );
const queued = async () =>
  (await sql(database.url, `select encode(content, 'escape') as content from queue_message`)).map(({ content }) =>
    /^Subject: (\S+)/.exec(String(content)),
  );
const sent = async () => (await queued()).map((found) => found?.[1] ?? '').sort();

test('letters that come at once share a transaction, each with all that it becomes', async () => {
  const results = await Promise.all(subjects.map((subject) => process.store.deliverDecided(decided(subject))));
  expect(results.map((each) => [each?.appended.length, each?.queued])).toEqual(subjects.map(() => [2, 1]));
  const rows = await stored();
  for (const folder of ['INBOX', 'Listen']) {
    const there = rows.filter(({ name }) => name === folder).map(({ header }) => /brief-\d+/.exec(String(header))?.[0] ?? '');
    expect(there.toSorted()).toEqual(subjects.toSorted());
  }
  expect(await sent()).toEqual(subjects.toSorted());
  // the first goes at once, and what comes meanwhile in one more
  expect(new Set(rows.map(({ at }) => at)).size).toBe(2);
});

test('rules make no more folders than a mailbox may have: what would need one more is in the inbox', async () => {
  const small = openTestProcess(database.url, 8);
  try {
    for (const create of ['a', 'b', 'c/d', 'e']) {
      const message = newMessage(`Subject: ${create}\n\nx\n`);
      await small.store.deliverDecided(decided(create, { copies: [{ folderId: null, create, message }], outgoing: [] }));
    }
    expect((await small.store.folders(account)).map(({ name }) => name)).toEqual(
      ['Archive', 'Drafts', 'INBOX', 'Junk', 'Sent', 'Trash', 'a', 'b'].toSorted(),
    );
    expect((await stored()).map(({ name }) => name).toSorted()).toEqual(['INBOX', 'INBOX', 'a', 'b']);
  } finally {
    await small.close();
  }
});

test('a folder that would be one too many leaves one copy in the inbox, beside the one that is kept there, with the flags of both', async () => {
  const small = openTestProcess(database.url, 6);
  const other = openTestProcess(database.url, 6);
  try {
    const copy = (subject: string) => ({ ...newMessage(`Subject: ${subject}\n\nx\n`), keywords: ['beide', subject] });
    const into = (create: string | null, folderId: number | null, flags: bigint) => ({
      create,
      folderId,
      message: { ...copy(String(create)), flags },
    });
    const copies = [into('a', null, Flag.Seen), into(null, null, Flag.Flagged), into('b/c', null, 0n), into(null, INBOX_ID, Flag.Answered)];
    const done = await small.store.deliverDecided(decided('voll', { copies, outgoing: [] }));
    expect(done?.appended).toHaveLength(1);
    expect((await stored()).map(({ name }) => name)).toEqual(['INBOX']);
    const { flags } = await small.store.snapshot(account, INBOX_ID);
    expect((flags[0] ?? 0n) & 31n).toBe(Flag.Seen | Flag.Flagged | Flag.Answered);
    const set = Number((flags[0] ?? 0n) >> 5n);
    expect((await small.store.keywordSets(account, [set])).get(set)?.toSorted()).toEqual(['a', 'b/c', 'beide', 'null']);
    // tried again it is known, whichever copy was the first
    expect(await other.store.deliverDecided(decided('voll', { copies, outgoing: [] }))).toBeNull();
  } finally {
    await small.close();
    await other.close();
  }
});

test('nor do they in one go: of a rush of letters that want a folder each, those beyond the limit are in the inbox', async () => {
  const small = openTestProcess(database.url, 8);
  try {
    await Promise.all(
      subjects.map((create) => {
        const message = newMessage(`Subject: ${create}\n\nx\n`);
        return small.store.deliverDecided(decided(create, { copies: [{ folderId: null, create, message }], outgoing: [] }));
      }),
    );
    expect(await small.store.folders(account)).toHaveLength(8);
    expect((await stored()).filter(({ name }) => name === 'INBOX')).toHaveLength(subjects.length - 2);
  } finally {
    await small.close();
  }
});

test('parents that are there already do not count as folders to be made', async () => {
  const small = openTestProcess(database.url, 8);
  try {
    for (const create of ['Projekte', 'Projekte/Linz']) {
      const message = newMessage(`Subject: ${create}\n\nx\n`);
      await small.store.deliverDecided(decided(create, { copies: [{ folderId: null, create, message }], outgoing: [] }));
    }
    expect((await stored()).map(({ name }) => name)).toEqual(['Projekte', 'Projekte/Linz']);
  } finally {
    await small.close();
  }
});

test('of a letter that comes by two ways at once one is done, and each of them is known when it comes again', async () => {
  const sharedKey = keyOf('by whichever way');
  const ways = [decided('Gruppe', { sharedKey }), decided('Weiterleitung', { sharedKey, copies: [] })];
  const done = await Promise.all(ways.map((way) => process.store.deliverDecided(way)));
  expect(done.filter((one) => one !== null)).toHaveLength(1);
  const [first, other] = done[0] ? ways : ways.toReversed();
  if (!first || !other) throw new Error('no ways');
  const process2 = openTestProcess(database.url);
  try {
    expect(await process2.store.deliverDecided(first)).toBeNull();
    expect(await process2.store.deliverDecided({ ...first, sharedKey: null })).toBeNull();
    expect(await process2.store.deliverDecided(other)).toBeNull();
    // what was not done has its own key still
    expect(await process2.store.deliverDecided({ ...other, sharedKey: null })).not.toBeNull();
  } finally {
    await process2.close();
  }
});

test('one that does not fit is refused alone, with all that it would have become', async () => {
  const large = 'x'.repeat(120_000);
  const results = await Promise.allSettled(
    subjects.map((subject) => process.store.deliverDecided(decided(subject, {}, subject === 'brief-5' ? large : 'Text'))),
  );
  expect(results.flatMap(({ status }, at) => (status === 'rejected' ? [at] : []))).toEqual([5]);
  expect(results[5]).toMatchObject({ reason: { code: 'OverQuota' } });
  const others = subjects.filter((subject) => subject !== 'brief-5').toSorted();
  expect(await sent()).toEqual(others);
  expect((await stored()).length).toBe(2 * others.length);
});

test('a letter that comes again meanwhile, and later to another process, is done once', async () => {
  const again = [...subjects, ...subjects];
  await Promise.all(again.map((subject) => process.store.deliverDecided(decided(subject))));
  const other = openTestProcess(database.url);
  try {
    const later = await Promise.all(
      subjects.flatMap((subject) => [
        other.store.deliverDecided(decided(subject)),
        // also where nothing is kept, and where nothing but one copy is
        other.store.deliverDecided(decided(subject, { copies: [] })),
        other.store.deliverDecided(decided(subject, { copies: decided(subject).copies.slice(0, 1), outgoing: [] })),
      ]),
    );
    expect(later).toEqual(later.map(() => null));
  } finally {
    await other.close();
  }
  expect(await sent()).toEqual(subjects.toSorted());
  expect((await stored()).length).toBe(2 * subjects.length);
});

test('what may leave once leaves once, though several want it in one transaction', async () => {
  const once = [{ key: keyOf('note'), seconds: 60, message: outgoing('note'), anew: false }];
  const results = await Promise.all(subjects.map((subject) => process.store.deliverDecided(decided(subject, { once, outgoing: [] }))));
  expect(results.map((each) => each?.queued)).toEqual(subjects.map((_, at) => (at === 0 ? 1 : 0)));
  expect(await sent()).toEqual(['note']);
});

test('a folder that two processes want for letters at the same time is made once, and both letters lie in it', async () => {
  const other = openTestProcess(database.url);
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query('select 1 from account_counter where account_id = $1 for update', [account]);
    const [, list] = decided('brief').copies;
    const copies = list ? [list] : [];
    const delivering = Promise.all([
      process.store.deliverDecided(decided('brief-eins', { copies })),
      other.store.deliverDecided(decided('brief-zwei', { copies })),
    ]);
    await eventually('both wait for the mailbox', async () => {
      const rows = await sql(
        database.url,
        `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      return rows.length === 2;
    });
    await holder.query('commit');
    expect((await delivering).map((each) => each?.appended.length)).toEqual([1, 1]);
    expect((await stored()).map(({ name }) => name)).toEqual(['Listen', 'Listen']);
  } finally {
    await holder.end();
    await other.close();
  }
});

test('whoever writes another text under the header of a letter that he knows does not keep it from a mailbox', async () => {
  const { index, ...message } = newMessage(`Subject: x\nFrom: a@example.org\nMessage-ID: <known-${serial}@test>\n\nAT01\n`);
  const judged = (verdict: 'attested' | 'unknown') => ({ verdict, spf: null, dkim: [], dmarc: [], arc: null });
  const came = (verdict: 'attested' | 'unknown') => ({ ...unknownProvenance, origin: 'outside' as const, judgement: judged(verdict) });
  const has = (standing: 'submitted' | 'attested' | null) =>
    withTwin(process.database, [account], index, markOf(index), standing).then((found) => found.has(account));
  await process.store.deliver(account, { ...message, index, provenance: came('unknown') }, keyOf('forged'));
  expect([await has('submitted'), await has('attested'), await has(null)]).toEqual([false, false, true]);
  await process.store.deliver(account, { ...message, index, provenance: came('attested') }, keyOf('genuine'));
  expect([await has('submitted'), await has('attested')]).toEqual([false, true]);
  await process.store.deliver(account, { ...message, index, provenance: { ...unknownProvenance, origin: 'submitted' } }, keyOf('ours'));
  expect(await has('submitted')).toBe(true);
});

test('the other copy of a letter is found at the end of a very long conversation too', async () => {
  const owner = await createAccount(database.url, 'lang@muster.at', 100_000_000);
  const answer = (number: number) =>
    newMessage(`Subject: x\nMessage-ID: <${number}@lang>\nReferences: <${number - 2}@lang> <${number - 1}@lang>\n\nText\n`);
  for (let first = 0; first < 1_100; first += 100)
    await process.store.append(
      owner,
      INBOX_ID,
      Array.from({ length: 100 }, (_, number) => answer(first + number)),
    );
  const { index } = answer(1_099);
  expect(await withTwin(process.database, [owner], index, markOf(index))).toEqual(new Set([owner]));
});
