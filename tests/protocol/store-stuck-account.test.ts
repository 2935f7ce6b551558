import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { INBOX_ID } from '#mail-server/store/mail-store.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { newMessage, openTestProcess, type TestProcess } from '#tests/support/store.ts';

let database: TestDatabase;
let process: TestProcess;
let stuck: AccountId;
const others: AccountId[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  process = openTestProcess(database.url);
  stuck = await createAccount(database.url, 'fest@muster.at');
  for (let index = 0; index < 30; index++) others.push(await createAccount(database.url, `o${index}@muster.at`));
  for (const account of [stuck, ...others]) await process.store.deliver(account, newMessage('Subject: x\n\nx\n'), null);
});
afterAll(async () => {
  await process.close();
  await database.drop();
});

/** Somebody else (another process) holds the accounts while `work` is done. */
async function whileHeld(work: () => Promise<void>, accounts: readonly AccountId[] = [stuck]): Promise<void> {
  const holder = new pg.Client(database.url);
  await holder.connect();
  await holder.query('begin');
  await holder.query('update account_counter set modseq = modseq + 1 where account_id = any($1)', [accounts]);
  await holder.query('select 1 from folder_counter where account_id = any($1) for update', [accounts]);
  try {
    await work();
  } finally {
    await holder.query('commit');
    await holder.end();
  }
}

test('while one account is stuck, others are written to, claim what is recent and are read', async () => {
  const { store } = process;
  const late: Promise<unknown>[] = [];
  await whileHeld(async () => {
    let over = false;
    late.push(
      store.storeFlags(stuck, INBOX_ID, [[1, 1]], { set: 1n }).then(() => (over = true)),
      store.append(stuck, INBOX_ID, [newMessage('Subject: y\n\ny\n'), newMessage('Subject: z\n\nz\n')]),
    );
    expect(await store.claimRecent(stuck, INBOX_ID)).toBeNull();
    await Promise.all(
      others.map(async (account) => {
        await store.deliver(account, newMessage('Subject: y\n\ny\n'), null);
        await store.claimRecent(account, INBOX_ID);
        await store.storeFlags(account, INBOX_ID, [[1, 2]], { set: 1n });
        await store.append(account, INBOX_ID, [newMessage('Subject: a\n\na\n'), newMessage('Subject: b\n\nb\n')]);
        expect((await store.snapshot(account, INBOX_ID)).count).toBe(4);
      }),
    );
    expect(over).toBe(false);
  });
  await Promise.all(late);
  expect((await store.snapshot(stuck, INBOX_ID)).count).toBe(3);
});

test('accounts that are stuck take no connections from the others, however many they are', async () => {
  const { store } = process;
  const [held, free] = [others.slice(0, 16), others.slice(16)];
  const late: Promise<unknown>[] = [];
  await whileHeld(async () => {
    let isGivenUp = false;
    late.push(...held.map((account) => store.storeFlags(account, INBOX_ID, [[1, 1]], { set: 1n }).catch(() => (isGivenUp = true))));
    for (let round = 0; round < 8; round++)
      await Promise.all(free.map((account) => store.deliver(account, newMessage('Subject: y\n\ny\n'), null)));
    expect(isGivenUp).toBe(false);
  }, held);
  await Promise.all(late);
});

test('nor do their large letters keep those of others waiting', async () => {
  const { store } = process;
  const [held, [free]] = [others.slice(0, 3), others.slice(3)];
  // that cannot be compressed, and of which there is room for one at a time
  const large = newMessage(`Subject: y\n\n${randomBytes(10_000_000).toString('hex')}\n`);
  const late: Promise<unknown>[] = [];
  await whileHeld(async () => {
    let isGivenUp = false;
    late.push(...held.map((account) => store.deliver(account, large, null).catch(() => (isGivenUp = true))));
    // it is waited for, in whatever way
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await eventually('a wait', async () => (await sql(database.url, waiting)).length > 0);
    await store.deliver(free as AccountId, large, null);
    expect(isGivenUp).toBe(false);
  }, held);
  await Promise.all(late);
});

test('where another process writes to an account without a pause, others get their turn', async () => {
  const holder = new pg.Client(database.url);
  await holder.connect();
  let isOver = false;
  let turns = 0;
  const hold = `begin; update account_counter set modseq = modseq + 1 where account_id = ${stuck}; select pg_sleep(1); commit`;
  const holding = (async () => {
    for (; !isOver; turns++) await holder.query(hold);
  })();
  try {
    for (let count = 0; count < 3; count++) {
      await process.store.deliver(stuck, newMessage('Subject: y\n\ny\n'), null);
      await process.store.append(stuck, INBOX_ID, [newMessage('Subject: a\n\na\n'), newMessage('Subject: b\n\nb\n')]);
    }
    expect(turns).toBeLessThan(20);
  } finally {
    isOver = true;
    await holding;
    await holder.end();
  }
});

test('STORE, MOVE and EXPUNGE of thousands of scattered messages are one statement each', async () => {
  const account = await createAccount(database.url, 'gross@muster.at', 1e12);
  const client = new pg.Client(database.url);
  await client.connect();
  const count = 40_000;
  await client.query(
    `insert into folder_message (account_id, folder_id, uid, message_id, modseq) select $1, 1, i, i, 2 from generate_series(1, $2::int) i`,
    [account, count],
  );
  await client.query('update folder_counter set uidnext = $2::int + 1, messages = $2 where account_id = $1 and folder_id = 1', [
    account,
    count,
  ]);
  await client.end();
  const scattered = (of: number) => Array.from({ length: of }, (_, index) => [index * 2 + 1, index * 2 + 1] as const);
  const millisecondsOf = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  const { store } = process;
  const took = [
    await millisecondsOf(() => store.storeFlags(account, 1, scattered(20_000), { set: 8n })),
    await millisecondsOf(() => store.copy(account, 1, 2, scattered(10_000), true)),
    await millisecondsOf(() => store.expunge(account, 1, scattered(20_000))),
  ];
  expect(await store.status(account, 1)).toMatchObject({ messages: 20_000, deleted: 0 });
  expect(await store.status(account, 2)).toMatchObject({ messages: 10_000, deleted: 10_000 });
  // a loop that sums ranges takes a minute and more
  for (const each of took) expect(each, took.map(Math.round).join(', ')).toBeLessThan(30_000);
});
