import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { customerId, type AccountId } from '#lib/db/ids.ts';
import { mintCustomerScope } from '#lib/auth/customer-scope.ts';
import { openDatabase as openPrisma } from '#lib/db/prisma.ts';
import { releaseSending } from '#lib/provisioning/mailboxes/release-sending.ts';
import { byButton } from '#lib/targets/by-button.ts';
import { judgeOutgoing } from '#mail-server/spam/guard-outgoing.ts';
import { readSpamContext } from '#mail-server/store/spam-store.ts';
import { startSubmission, type RunningSubmission } from '#mail-server/smtp/submission-server.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { setPassword, sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, testSecret, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

let database: TestDatabase;
let opened: TestServices;
let submission: RunningSubmission;
let account: AccountId;
let address: string;
let serial = 0;
const password = 'vier Mäuse im Schnee';
const clients: SmtpClient[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await sql(database.url, 'select ensure_trace_partitions(1)');
  opened = await openTestServices(database.url);
  opened.services.settings.spam.strangersPerHour = 3;
  submission = await startSubmission({ ...opened.services, secret: testSecret });
});
afterAll(async () => {
  await submission.close(1000);
  await opened.close();
  await database.drop();
});
beforeEach(async () => {
  await sql(database.url, 'delete from queue_message');
  address = `ida${++serial}@muster.at`;
  account = await createAccount(database.url, address);
  await setPassword(database.url, account, password);
  await sql(database.url, 'update domain set verified_at = now()');
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

const write = (...recipients: string[]): Promise<string> => writeAs({}, ...recipients);

async function writeAs({ sender = address, fields = '' }: { sender?: string; fields?: string }, ...recipients: string[]): Promise<string> {
  const client = await SmtpClient.open(submission.ports.submissions, { tls: true });
  clients.push(client);
  await client.signIn(address, password);
  await client.ask(`MAIL FROM:<${sender}>`);
  for (const recipient of recipients) await client.ask(`RCPT TO:<${recipient}>`);
  await client.ask('DATA');
  return (await client.ask(`From: <${address}>\r\n${fields}Message-ID: <${++serial}@muster.at>\r\nSubject: x\r\n\r\ny\r\n.`)) ?? '';
}
const strangers = (count: number): string[] => Array.from({ length: count }, () => `s${++serial}@fremd.example`);
const anHourAgo = () => sql(database.url, `update correspondent set first_at = first_at - interval '61 minutes'`);
const waiting = () =>
  sql(
    database.url,
    `select r.address, r.next_attempt_at > now() + interval '1 year' as held from queue_recipient r
    join queue_message m on m.id = r.message_id where m.account_id = ${account} order by r.id`,
  );

async function release(): Promise<void> {
  const [row] = await sql(database.url, `select customer_id from mailbox where id = ${account}`);
  const prisma = openPrisma(database.url);
  const scope = (of: number) => mintCustomerScope({ customerId: customerId(of), role: 'owner', actor: 'user:1', remote: null });
  expect(await releaseSending(prisma, scope(Number(row?.['customer_id']) + 1000), account)).toMatchObject({ ok: false });
  expect(await releaseSending(prisma, scope(Number(row?.['customer_id'])), account)).toMatchObject({ ok: true });
  await prisma.$disconnect();
}

test('more strangers than usual in an hour wait, those whom it knows do not', async () => {
  const known = strangers(3);
  expect(await write(...known)).toMatch(/^250 /);
  expect(await write(...strangers(1))).toMatch(/^450 4\.7\.1 So viele neue/);
  expect(await write(...known)).toMatch(/^250 /);
  await anHourAgo();
  expect(await write(...strangers(2))).toMatch(/^250 /);
});

test('colleagues are no strangers', async () => {
  const colleagues = [1, 2, 3, 4].map((each) => `kollege${serial}-${each}@muster.at`);
  for (const each of colleagues) await createAccount(database.url, each);
  expect(await write(...colleagues)).toMatch(/^250 /);
  expect(await write(...strangers(3))).toMatch(/^250 /);
});

test('a stranger in whose quoted name stands the domain of the house is no colleague', async () => {
  expect(await write(...[1, 2, 3, 4].map((each) => `"${each}@muster.at@${++serial}"@fremd.example`))).toMatch(/^450 4\.7\.1 So viele neue/);
});

test('three times as many in a day are held with all that waits; its people are told, and one click releases it', async () => {
  for (let hour = 0; hour < 3; hour++) {
    expect(await write(...strangers(3))).toMatch(/^250 /);
    await anHourAgo();
  }
  expect((await waiting()).every(({ held }) => held === false)).toBe(true);
  expect(await write(...strangers(1))).toMatch(/^450 4\.7\.1 Der Versand ist angehalten/);
  expect(await write(address)).toMatch(/^450 4\.7\.1 Der Versand ist angehalten/);
  expect((await waiting()).map(({ held }) => held)).toEqual(Array.from({ length: 9 }, () => true));
  const notices = await sql(
    database.url,
    `select convert_from(m.content, 'UTF8') as text from queue_message m join queue_recipient r on r.message_id = m.id
    where r.address = '${address}' and m.sender = ''`,
  );
  expect(notices).toHaveLength(1);
  expect(String(notices[0]?.['text'])).toContain('Verwaltung');

  await release();
  expect((await waiting()).every(({ held }) => held === false)).toBe(true);
  expect(await write(...strangers(1))).toMatch(/^250 /);
});

test('much that comes back is held, a little is not', () => {
  const quiet = { held: false, strangers: 0, strangersOfHour: 0, strangersOfDay: 0, sentOfDay: 100, bouncedOfDay: 0 };
  expect(judgeOutgoing(quiet, 200)).toBe('free');
  expect(judgeOutgoing({ ...quiet, bouncedOfDay: 20, sentOfDay: 30 }, 200)).toBe('free');
  expect(judgeOutgoing({ ...quiet, bouncedOfDay: 60, sentOfDay: 1000 }, 200)).toBe('free');
  expect(judgeOutgoing({ ...quiet, bouncedOfDay: 60 }, 200)).toBe('bounces');
});

test('what came back before somebody released it does not hold it again; the postmaster of the host is told too', async () => {
  const postmaster = `post${serial}@muster.at`;
  await createAccount(database.url, postmaster);
  opened.services.settings.postmaster = postmaster;
  await sql(
    database.url,
    `insert into trace_event (customer_id, account_id, queue_id, sender, recipient, step)
      select m.customer_id, m.id, queued, '', '', step from unnest(array['submitted', 'bounced']) step, generate_series(1, 60) queued, mailbox m where m.id = ${account}`,
  );
  expect(await write(address)).toMatch(/^450 4\.7\.1 Der Versand ist angehalten/);
  expect(
    await sql(database.url, `select r.address from queue_recipient r where r.address in ('${address}', '${postmaster}')`),
  ).toHaveLength(2);
  await release();
  expect(await write(address)).toMatch(/^250 /);
  const comesBack = (from: number) =>
    sql(
      database.url,
      `insert into trace_event (customer_id, account_id, queue_id, sender, recipient, step) select m.customer_id, m.id, queued, '', '', 'bounced' from generate_series(${from}, ${from + 59}) queued, mailbox m where m.id = ${account}`,
    );
  // what was on its way when it was released
  await comesBack(1);
  expect(await write(address)).toMatch(/^250 /);
  await sql(
    database.url,
    `insert into trace_event (customer_id, account_id, queue_id, sender, recipient, step) select m.customer_id, m.id, queued, '', '', 'submitted' from generate_series(1001, 1060) queued, mailbox m where m.id = ${account}`,
  );
  await comesBack(1001);
  expect(await write(address)).toMatch(/^450 4\.7\.1 Der Versand ist angehalten/);
});

test('a receipt, a program and a button of the webmail make nobody known; who is then written to by hand is', async () => {
  const ways = [{ sender: '' }, { fields: 'Auto-Submitted: auto-replied\r\n' }, { fields: `${byButton.name}: ${byButton.value}\r\n` }];
  for (const way of ways) {
    await anHourAgo();
    const [stranger = ''] = strangers(1);
    const knows = async () =>
      (await readSpamContext(opened.services.database, { account, tokens: null, author: stranger, references: [] }))?.wroteTo;
    expect(await writeAs(way, stranger)).toMatch(/^250 /);
    expect(await knows()).toBe(false);
    expect(await writeAs({ fields: 'Auto-Submitted: no\r\n' }, stranger)).toMatch(/^250 /);
    expect(await knows()).toBe(true);
    expect(await writeAs(way, stranger)).toMatch(/^250 /);
    expect(await knows()).toBe(true);
  }
  const letters = await sql(
    database.url,
    `select convert_from(content, 'UTF8') as content from queue_message where account_id = ${account}`,
  );
  expect(letters.map(({ content }) => String(content)).join('')).not.toContain(byButton.name);
  await anHourAgo();
  for (const [at, stranger] of strangers(4).entries())
    expect(await writeAs({ fields: 'Auto-Submitted: auto-generated\r\n' }, stranger)).toMatch(at < 3 ? /^250 / : /^450 4\.7\.1 /);
});
