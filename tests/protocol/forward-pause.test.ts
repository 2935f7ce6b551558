import { afterAll, beforeAll, expect, test } from 'vitest';
import { takeReport } from '#mail-server/delivery/take-report.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';

let database: TestDatabase;
let opened: TestServices;
let account: number;
beforeAll(async () => {
  database = await createTestDatabase();
  opened = await openTestServices(database.url, { hostName: 'mail.muster.at' });
  account = await createAccount(database.url, 'max@muster.at');
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});

const report = Buffer.from(
  'From: MAILER-DAEMON@example.org\r\nTo: x@muster.at\r\nSubject: failure\r\n\r\nFinal-Recipient: rfc822; eva@example.org\r\nDiagnostic-Code: smtp; 550 5.1.1 gone\r\n',
);

/** A forward that began to fail so long ago, and whose owner was told a moment ago; a report of it comes. What its owner is told, decoded. */
async function failing(since: string): Promise<{ told: string[]; paused: unknown }> {
  await sql(database.url, 'delete from queue_message');
  const [row] = await sql(
    database.url,
    `insert into mailbox_forward (mailbox_id, target, set_by, confirmed_at, failing_since, told_at)
      values ($1, 'eva@example.org', 'user:1', now(), now() - $2::interval, now())
      on conflict (mailbox_id, target) do update set failing_since = excluded.failing_since returning id`,
    [account, since],
  );
  await takeReport(opened.services, { kind: 'forward', id: Number(row?.['id']) }, report);
  const [forward] = await sql(database.url, 'select paused_at, pause_reason from mailbox_forward');
  const queued = await sql(
    database.url,
    `select r.address || ' ' || encode(m.content, 'escape') as told from queue_message m join queue_recipient r on r.message_id = m.id`,
  );
  return { told: queued.map(({ told }) => String(told)), paused: forward?.['paused_at'] && forward['pause_reason'] };
}

test('a forward that failed for a week is paused, and its owner is told at once and once, though he heard of a failure the same day', async () => {
  expect(await failing('6 days')).toEqual({ told: [], paused: null });
  const { told, paused } = await failing('8 days');
  expect(paused).toContain('550 5.1.1 gone');
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/^max@muster\.at /);
  expect(told[0]).toContain('Subject: Weiterleitung ruht - Forward paused');
  expect(told[0]).toContain('Die Weiterleitung ruht ab jetzt');
  expect(told[0]).toContain('eva@example.org');
  expect(told[0]).not.toContain('Ihre Nachricht');
  expect((await failing('9 days')).told).toEqual([]);
});
