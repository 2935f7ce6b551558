import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { eventually } from '#tests/support/eventually.ts';
import { newMessage, openTestProcess, type TestProcess } from '#tests/support/store.ts';

// Two processes on one database, writers that pause inside their transactions, and a reader that watches UIDNEXT as a client does.
// A UID that appears below one that was seen already is mail that a client never fetches.

let database: TestDatabase;
let first: TestProcess;
let second: TestProcess;
beforeAll(async () => {
  database = await createTestDatabase();
  first = openTestProcess(database.url);
  second = openTestProcess(database.url);
});
afterAll(async () => {
  await first.close();
  await second.close();
  await database.drop();
});

/** Holds the transaction of one append open until `resume`, as a process does that was stopped at the worst moment. */
async function pausedWriter(account: AccountId) {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('BEGIN');
  await client.query(
    `select append_message($1, 1, null, 0, now(), 3, 'h', 'e', 'b', 's', '[]', '', 'x', 0::smallint, null, '', '', '', '', '', '', 1, '{}')`,
    [account],
  );
  return {
    async resume() {
      await client.query('COMMIT');
      await client.end();
    },
  };
}

/** UIDs that became visible below the highest one already seen, over several rounds of paused and hurrying writers. */
async function lateUids(account: AccountId, rounds: number): Promise<number[]> {
  const late: number[] = [];
  const seen = new Set<number>();
  let highest = 0;
  const look = async () => {
    const { rows } = await reader.query<{ uid: number }>('select uid from folder_message where account_id = $1 and folder_id = 1', [
      account,
    ]);
    const fresh = rows.map((row) => row.uid).filter((uid) => !seen.has(uid));
    for (const uid of fresh) if (uid < highest) late.push(uid);
    for (const uid of fresh) seen.add(uid);
    highest = Math.max(highest, ...fresh);
  };
  const reader = new pg.Client({ connectionString: database.url });
  await reader.connect();
  for (let round = 0; round < rounds; round++) {
    const paused = await pausedWriter(account);
    const hurrying = [
      first.store.deliver(account, newMessage(`Subject: first ${round}\n\nx`), null),
      second.store.append(account, 1, [newMessage(`Subject: second ${round}\n\nx`)]),
    ];
    // each of them commits before the paused one, or waits for it
    let done = 0;
    for (const each of hurrying)
      each.then(
        () => done++,
        () => undefined,
      );
    try {
      await eventually('the hurrying writers to be done or to wait', async () => {
        const { rows } = await reader.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return done + rows.length === hurrying.length;
      });
      await look();
    } finally {
      await paused.resume();
    }
    await Promise.all(hurrying);
    await look();
  }
  await reader.end();
  return late;
}

describe('with a writer paused inside its transaction', () => {
  test('no client ever sees a gap of UIDs that is filled later', async () => {
    const account = await createAccount(database.url, 'max@muster.at');
    expect(await lateUids(account, 5)).toEqual([]);
    const snapshot = await second.store.snapshot(account, 1);
    expect(Array.from(snapshot.uids.subarray(0, snapshot.count))).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
  });

  test('the check has teeth: a counter outside the transaction is caught', async () => {
    const account = await createAccount(database.url, 'erika@muster.at');
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    const { rows } = await admin.query<{ source: string }>(`select pg_get_functiondef('append_message'::regproc) as source`);
    await admin.query('create sequence if not exists wrong_uid');
    // the well-known mistake: UIDs from a sequence, no lock on the account
    const wrong = (rows[0]?.source ?? '')
      .replace(
        /UPDATE account_counter SET[\s\S]*?INTO o_modseq, o_message_id, v_used, v_quota;/,
        () => `SELECT nextval('wrong_uid'), nextval('wrong_uid'), 0, 1 INTO o_modseq, o_message_id, v_used, v_quota;`,
      )
      .replace(/UPDATE folder_counter SET uidnext[\s\S]*?INTO o_uid;/, () => `SELECT nextval('wrong_uid')::int INTO o_uid;`);
    await admin.query(wrong);
    try {
      expect((await lateUids(account, 5)).length).toBeGreaterThan(0);
    } finally {
      await admin.query(rows[0]?.source ?? '');
      await admin.end();
    }
  });
});
