import { afterAll, beforeAll, expect, test } from 'vitest';
import { concludeAttempt } from '#mail-server/queue/conclude-attempt.ts';
import { failed, said, type Outcome } from '#mail-server/queue/outcome.ts';
import { claimBatch } from '#mail-server/store/queue/queue-claims.ts';
import { enqueue, type QueuedRecipient } from '#mail-server/store/queue/queue-store.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { queuedLetter } from '#tests/support/queued-letter.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';

let database: TestDatabase;
let opened: TestServices;

beforeAll(async () => {
  database = await createTestDatabase();
  opened = await openTestServices(database.url, { hostName: 'mail.muster.at' });
  await createAccount(database.url, 'max@muster.at');
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});

const people = ['hat@example.org', 'fehlt@example.org'];
const nobody = { customers: [], newerThan: Number.MAX_SAFE_INTEGER };
const claim = async (): Promise<QueuedRecipient[]> => {
  await sql(database.url, 'update queue_recipient set next_attempt_at = now()');
  return claimBatch(opened.services.database, { worker: 'w', domain: 'example.org', limit: 5, held: [], without: nobody });
};
const states = () => sql(database.url, 'select address, state, attempts, leased_by from queue_recipient order by address desc');
const delivered: Outcome = { kind: 'delivered', way: 'relayed', confirms: false, result: said('2.0.0', '250 taken') };

test('a report that cannot be written sends nobody a letter twice, and is made up for', async () => {
  await enqueue(opened.services.database.write, queuedLetter(people, { sender: 'max@muster.at', reports: true }));
  const outcomes = new Map<string, Outcome>([
    ['hat@example.org', delivered],
    ['fehlt@example.org', failed('5.1.1', '550 5.1.1 unknown')],
  ]);
  const conclude = (recipients: readonly QueuedRecipient[]) =>
    concludeAttempt(
      opened.services,
      'w',
      recipients,
      recipients.map(({ address }) => outcomes.get(address) ?? delivered),
      null,
    );

  const claimed = await claim();
  expect(claimed.map(({ address }) => address).sort()).toEqual([...people].sort());
  // what nobody foresaw while a report is written
  const hostile = claimed.map((each) =>
    Object.defineProperty({ ...each }, 'dsnOriginal', {
      get: () => {
        throw new RangeError('unforeseen');
      },
    }),
  );
  expect(await conclude(hostile)).toBe('kept');
  expect(await states()).toEqual([
    { address: 'hat@example.org', state: 'delivered', attempts: expect.anything(), leased_by: null },
    { address: 'fehlt@example.org', state: 'queued', attempts: 1, leased_by: null },
  ]);

  const again = await claim();
  expect(again.map(({ address }) => address)).toEqual(['fehlt@example.org']);
  await conclude(again);
  const [report] = await sql(database.url, `select sender from queue_message where sender = ''`);
  expect(report).toEqual({ sender: '' });
});
