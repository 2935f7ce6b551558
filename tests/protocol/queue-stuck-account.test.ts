import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bellOf } from '#mail-server/queue/queue-bell.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import type { Running } from '#mail-server/services.ts';
import { enqueue } from '#mail-server/store/queue/queue-store.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { queuedLetter } from '#tests/support/queued-letter.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';

let database: TestDatabase;
let opened: TestServices;
let queue: Running;

beforeAll(async () => {
  database = await createTestDatabase();
  opened = await openTestServices(database.url, { hostName: 'mail.muster.at' });
  queue = await startQueue(opened.services);
});
afterAll(async () => {
  await queue.close(1000);
  await opened.close();
  await database.drop();
});

const send = (...addresses: string[]) => enqueue(opened.services.database.write, queuedLetter(addresses));
const arrived = async (address: string): Promise<number> =>
  Number(
    (
      await sql(database.url, 'select count(*) from folder_message f join mailbox b on b.id = f.account_id where b.address = $1', [address])
    )[0]?.['count'],
  );

test('a mailbox that somebody holds keeps the letters of no other mailbox waiting in the queue', async () => {
  const stuck = await createAccount(database.url, 'fest@muster.at');
  for (const name of ['max', 'erika']) await createAccount(database.url, `${name}@muster.at`);
  const holder = new pg.Client(database.url);
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query('update account_counter set modseq = modseq + 1 where account_id = $1', [stuck]);
    // with a neighbour, and again and again
    for (let count = 0; count < 120; count++) await send('fest@muster.at');
    await send('fest@muster.at', 'erika@muster.at');
    await eventually('the mailbox to be waited for', async () => {
      const rows = await sql(
        database.url,
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    });
    for (let count = 1; count <= 5; count++) {
      const at = performance.now();
      await send('max@muster.at');
      await send('erika@muster.at');
      bellOf(opened.services.database).ring();
      await eventually('both', async () => (await arrived('max@muster.at')) === count && (await arrived('erika@muster.at')) === count + 1);
      expect(performance.now() - at).toBeLessThan(15_000);
    }
    await holder.query('commit');
  } finally {
    await holder.end();
  }
  await eventually('those of the mailbox itself', async () => {
    await sql(database.url, `update queue_recipient set next_attempt_at = now() where leased_until is null`);
    return (await arrived('fest@muster.at')) === 121;
  });
});
