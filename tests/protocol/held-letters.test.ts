import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { signMailboxToken } from '#lib/auth/mailbox-token.ts';
import { onceInProcess } from '#lib/config/once-in-process.ts';
import { mintOperatorScope } from '#lib/auth/customer-scope.ts';
import { type AccountId, customerId } from '#lib/db/ids.ts';
import { openDatabase as openPrisma } from '#lib/db/prisma.ts';
import { releaseSending } from '#lib/provisioning/mailboxes/release-sending.ts';
import { cancelHeld, noteReleased, readReleased, rescheduleHeld } from '#lib/webmail/sending/outgoing-letters.ts';
import { rescheduleLetter } from '#lib/webmail/sending/reschedule-letter.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import { holdOutgoing } from '#mail-server/store/queue/outgoing-guard.ts';
import { concludeAttempt } from '#mail-server/queue/conclude-attempt.ts';
import type { Database, Query } from '#mail-server/store/postgres/database.ts';
import { claimBatch, dueDomains, giveBackLeases, nobodyIsNew, releaseLeases } from '#mail-server/store/queue/queue-claims.ts';
import { settleAttempt } from '#mail-server/store/queue/queue-settlement.ts';
import { enqueue, leaseRecipients } from '#mail-server/store/queue/queue-store.ts';
import { startSubmission, type RunningSubmission } from '#mail-server/smtp/submission-server.ts';
import type { Running } from '#mail-server/services.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { eventually } from '#tests/support/eventually.ts';
import { storedMessages } from '#tests/support/inbox.ts';
import { setPassword, sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { queuedLetter } from '#tests/support/queued-letter.ts';
import { openTestServices, testSecret, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

let database: TestDatabase;
let opened: TestServices;
let submission: RunningSubmission;
let max: AccountId;
let erika: AccountId;
let client: SmtpClient;
let worker: Running | null = null;
let serial = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  opened = await openTestServices(database.url);
  submission = await startSubmission({ ...opened.services, secret: testSecret });
  max = await createAccount(database.url, 'max@muster.at');
  erika = await createAccount(database.url, 'erika@muster.at');
  await setPassword(database.url, max, 'vier Mäuse im Schnee');
});
afterAll(async () => {
  await submission.close(1000);
  await opened.close();
  await database.drop();
});
beforeEach(async () => {
  client = await SmtpClient.open(submission.ports.submissions, { tls: true });
  expect(await client.signIn('max@muster.at', 'vier Mäuse im Schnee')).toMatch(/^235 /);
});
afterEach(async () => {
  client.close();
  await worker?.close(2000);
  worker = null;
  await sql(database.url, 'delete from queue_message');
  await sql(database.url, 'delete from submission_key');
});

const said = async (command: string) => (await client.ask(command)) ?? 'closed';
const letter = (subject: string, id: string | null = `<${++serial}@muster.at>`) =>
  `From: max@muster.at\r\nTo: erika@muster.at\r\nSubject: ${subject}\r\n${id === null ? '' : `Message-ID: ${id}\r\n`}\r\nText\r\n`;
async function submit(content: string, parameters = ''): Promise<{ reply: string; id: string }> {
  const mail = await said(`MAIL FROM:<max@muster.at>${parameters}`);
  if (!mail.startsWith('250')) return { reply: mail, id: '' };
  await said('RCPT TO:<erika@muster.at>');
  await said('DATA');
  const reply = await said(`${content}.`);
  return { reply, id: /queued as (\d+)/.exec(reply)?.[1] ?? '' };
}
/** In a session of its own, which ends before anybody can have read the answer. */
async function submitUnheard(content: string, parameters = ''): Promise<{ reply: string; id: string }> {
  const other = await SmtpClient.open(submission.ports.submissions, { tls: true });
  await other.signIn('max@muster.at', 'vier Mäuse im Schnee');
  await other.ask(`MAIL FROM:<max@muster.at>${parameters}`);
  await other.ask('RCPT TO:<erika@muster.at>');
  const reply = (await other.data(content)) ?? '';
  other.close();
  return { reply, id: /queued as (\d+)/.exec(reply)?.[1] ?? '' };
}
const one = async (statement: string, ...values: unknown[]) => Object.values((await sql(database.url, statement, values))[0] ?? {})[0];
/** The letters of max that are held, by their numbers in the queue. */
const held = async () =>
  (await sql(database.url, 'select id::text from queue_message where account_id = $1 and is_held(id)', [max])).map(({ id }) => id);
/** A report of ours, which no mailbox has submitted. */
const enqueueReport = (subject: string) =>
  enqueue(opened.services.database.write, queuedLetter(['erika@muster.at'], { content: Buffer.from(letter(subject)) }));
const work = async () => {
  worker = await startQueue(opened.services);
};
const subjects = async () =>
  (await storedMessages(opened.services.store, erika)).map((each) => /^Subject: (.*)\r$/m.exec(each.toString())?.[1]);
const arrived = (subject: string) => eventually(subject, async () => (await subjects()).includes(subject));

test('submission offers to hold letters, with its limits', async () => {
  expect(await said('EHLO client.example.org')).toMatch(/^250[ -]FUTURERELEASE 31622400 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/m);
});

test.each([
  ['HOLDFOR=abc'],
  ['HOLDFOR'],
  ['HOLDFOR=1234567890'],
  ['HOLDFOR=31622401'],
  ['HOLDUNTIL=tomorrow'],
  ['HOLDUNTIL=2999-01-01T00:00:00Z'],
  ['HOLDUNTIL=2026-02-31T25:00:00Z'],
  ['HOLDUNTIL=2026-02-30T10:00:00Z'],
  ['HOLDUNTIL=2026-12-24T24:00:00Z'],
  ['HOLDFOR=10 HOLDUNTIL=2026-12-24T18:00:00Z'],
])('"%s" is refused', async (parameters) => {
  expect((await submit(letter('x'), ` ${parameters}`)).reply).toMatch(/^501 5\.5\.4 /);
});

test('where mail programs may have nothing held, the webmail still takes back and sends later, for a year', async () => {
  const before = opened.services.settings.longestHoldS;
  opened.services.settings.longestHoldS = 0;
  onTestFinished(() => {
    opened.services.settings.longestHoldS = before;
  });
  expect((await submit(letter('x'), ' HOLDFOR=10')).reply).toMatch(/^555 5\.5\.4 /);
  const version = Number(await one('select credential_version from mailbox where id = $1', max));
  const mailbox = { address: parseEmailAddress('max@muster.at') ?? expect.fail(), accountId: max, credentialVersion: version };
  const token = await signMailboxToken(mailbox, testSecret, 60);
  client.close();
  client = await SmtpClient.open(submission.ports.submissions, { tls: true });
  expect(await said(`AUTH XOAUTH2 ${Buffer.from(`user=max@muster.at\x01auth=Bearer ${token}\x01\x01`).toString('base64')}`)).toMatch(
    /^235 /,
  );
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
  expect((await submit(letter('y'), ` HOLDUNTIL=${inDays(365)}`)).reply).toMatch(/^250 /);
  expect((await submit(letter('z'), ` HOLDUNTIL=${inDays(367)}`)).reply).toMatch(/^501 5\.5\.4 /);
});

describe('an address that is somebody else’s when the time of a letter has come', () => {
  const due = async (id: string): Promise<void> => {
    await sql(database.url, `update queue_message set created_at = now() - interval '1 day', release_at = now() where id = $1`, [id]);
    await sql(database.url, 'update queue_recipient set next_attempt_at = now() where message_id = $1', [id]);
  };
  const inboxOf = async (account: AccountId) => (await storedMessages(opened.services.store, account)).map(String);
  const alias = (address: string) =>
    sql(
      database.url,
      `insert into address (domain_id, address, mailbox_id) select domain_id, $1, id from mailbox where id = $2
        on conflict (address) do update set mailbox_id = excluded.mailbox_id`,
      [address, max],
    );
  const submitAs = async (sender: string, author: string, subject: string): Promise<string> => {
    expect(await said(`MAIL FROM:<${sender}> HOLDFOR=600`)).toMatch(/^250 /);
    await said('RCPT TO:<erika@muster.at>');
    await said('DATA');
    const reply = await said(`From: ${author}\r\nTo: erika@muster.at\r\nSubject: ${subject}\r\n\r\nsecret of Max\r\n.`);
    return /queued as (\d+)/.exec(reply)?.[1] ?? expect.fail(reply);
  };

  test.each([
    ['the envelope', 'verkauf@muster.at', 'max@muster.at'],
    ['the author', 'max@muster.at', 'verkauf@muster.at'],
  ])('is written as no more: %s', async (what, sender, author) => {
    await alias('verkauf@muster.at');
    const id = await submitAs(sender, author, `foreign: ${what}`);
    await sql(database.url, 'update address set mailbox_id = $1 where address = $2', [erika, 'verkauf@muster.at']);
    await due(id);
    await work();
    // who wrote it hears of it, and the new owner of the address neither gets it nor reads it in the report
    await eventually('a report', async () =>
      (await inboxOf(max)).some((each) => each.includes('multipart/report') && each.includes(`foreign: ${what}`)),
    );
    expect((await inboxOf(erika)).filter((each) => each.includes(`foreign: ${what}`))).toEqual([]);
  });

  test('is none of a letter whose addresses are its mailbox’s still', async () => {
    await alias('einkauf@muster.at');
    await due(await submitAs('einkauf+x@muster.at', 'einkauf@muster.at', 'as ever'));
    await work();
    await arrived('as ever');
  });
});

test('a held letter waits while others go, and leaves at its time', async () => {
  await work();
  const { id } = await submit(letter('much later'), ' HOLDFOR=600');
  const begun = performance.now();
  await submit(letter('later'), ' HOLDFOR=2');
  await submit(letter('now'));
  await arrived('now');
  await arrived('later');
  expect(performance.now() - begun).toBeGreaterThan(1_900);
  expect(await subjects()).not.toContain('much later');
  expect(await held()).toEqual([id]);
});

test('a time that has passed means at once', async () => {
  await work();
  await submit(letter('past'), ' HOLDUNTIL=2020-01-01T00:00:00+02:00');
  await arrived('past');
});

test.each([
  ['behind', -3_600_000],
  ['ahead', 3_600_000],
])('HOLDFOR counts by the clock of the queue where that of this machine is %s', async (_, offByMs) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offByMs });
  onTestFinished(() => void vi.useRealTimers());
  const { id } = await submit(letter('by the clock of the queue'), ' HOLDFOR=600');
  expect(await one('select abs(extract(epoch from release_at - now()) - 600) < 60 from queue_message where id = $1', id)).toBe(true);
  // the hour that sending is counted by, too
  expect(await one('select abs(extract(epoch from at - now())) < 60 from trace_event where queue_id = $1 limit 1', id)).toBe(true);
});

test('the operator\'s "retry all" does not open what a sender holds', async () => {
  const { retryQueued } = await import('#mail-server/store/queue/queue-operations.ts');
  await submit(letter('mine'), ' HOLDFOR=600');
  expect(await retryQueued(opened.services.database.write, { id: null, about: null })).toBe(0);
});

test('a held letter that is taken back is gone, for its own mailbox only, and may be submitted anew', async () => {
  const content = letter('regretted');
  const { id } = await submit(content, ' HOLDFOR=600');
  expect(await one('select cancel_held($1, $2)', erika, id)).toBe(false);
  expect(await one('select cancel_held($1, $2)', max, id)).toBe(true);
  expect(await one('select cancel_held($1, $2)', max, id)).toBe(false);
  expect(await one('select count(*)::int from queue_recipient')).toBe(0);
  expect(await one('select step from trace_event where queue_id = $1 order by id desc limit 1', id)).toBe('cancelled');
  expect((await submit(content)).id).not.toBe(id);
});

test.each([
  ['a suspended mailbox', `update mailbox set status = 'suspended' where id = $1`, `update mailbox set status = 'active' where id = $1`],
  ['a deleted mailbox', `update mailbox set status = 'deleted' where id = $1`, `update mailbox set status = 'active' where id = $1`],
  [
    'a suspended customer',
    `update customer set status = 'suspended' where id = (select customer_id from mailbox where id = $1)`,
    `update customer set status = 'active' where id = (select customer_id from mailbox where id = $1)`,
  ],
])('what %s holds does not leave, until it may be used again', async (who, suspend, resume) => {
  await submit(letter(`of ${who}`), ' HOLDFOR=1');
  await sql(database.url, suspend, [max]);
  await sql(database.url, `update queue_message set release_at = now() - interval '3 weeks'`);
  await work();
  await enqueueReport(`after ${who}`);
  await arrived(`after ${who}`);
  expect(await subjects()).not.toContain(`of ${who}`);
  expect(await held()).toHaveLength(1);
  await sql(database.url, resume, [max]);
  await arrived(`of ${who}`);
});

test('a held letter gets another time', async () => {
  await work();
  const { id } = await submit(letter('sooner'), ' HOLDFOR=600');
  expect(await one('select reschedule_held($1, $2, now())', erika, id)).toBe(false);
  expect(await one('select reschedule_held($1, $2, now())', max, id)).toBe(true);
  await arrived('sooner');
  expect(await one('select reschedule_held($1, $2, now())', max, id)).toBe(false);
});

test('a letter is either taken back or sent, never both and never neither', async () => {
  await work();
  for (let round = 0; round < 8; round++) {
    const { id } = await submit(letter(`race ${round}`), ' HOLDFOR=600');
    const moved = one('select reschedule_held($1, $2, now())', max, id);
    const cancelled = (await Promise.all([moved, one('select cancel_held($1, $2)', max, id)]))[1];
    if (cancelled) expect(await one('select count(*)::int from queue_message where id = $1', id)).toBe(0);
    else await arrived(`race ${round}`);
    await submit(letter(`after ${round}`));
    await arrived(`after ${round}`);
    expect((await subjects()).includes(`race ${round}`)).toBe(!cancelled);
  }
});

test('what a worker once had cannot be taken back, though it gave it back', async () => {
  const { giveBackLeases } = await import('#mail-server/store/queue/queue-claims.ts');
  const { leaseRecipients } = await import('#mail-server/store/queue/queue-store.ts');
  const { id } = await submit(letter('begun'), ' HOLDFOR=1');
  await eventually('the claim', async () => (await leaseRecipients(opened.services.database, 'one', 10, [])).length > 0);
  await giveBackLeases(opened.services.database, 'one');
  expect(await one('select cancel_held($1, $2)', max, id)).toBe(false);
});

test('the same letter submitted twice is queued once, held or on its way or just sent', async () => {
  const held = letter('twice held');
  const { id } = await submitUnheard(held, ' HOLDFOR=600');
  expect((await submitUnheard(held, ' HOLDFOR=600')).id).toBe(id);
  expect((await submitUnheard(held)).id).toBe(id);
  const sent = letter('twice sent');
  await work();
  const first = await submitUnheard(sent);
  await arrived('twice sent');
  const second = await submitUnheard(sent);
  expect(second.reply).toMatch(/^250 /);
  expect(second.id).toBe(first.id);
  await submit(letter('marker'));
  await arrived('marker');
  expect((await subjects()).filter((subject) => subject === 'twice sent')).toHaveLength(1);
});

test('who was told that a letter is accepted and sends it again a moment later means it', async () => {
  const content = letter('meant twice');
  await work();
  const first = await submit(content);
  await client.ask('NOOP');
  await arrived('meant twice');
  await eventually('the end of the moment', async () =>
    one(`select at < now() - interval '1 hour' from submission_key where queue_id = $1`, first.id),
  );
  const second = await submit(content);
  expect(second.id).not.toBe(first.id);
});

test('who hangs up after his letter may not have read that it is accepted, and sends it again in vain', async () => {
  const content = letter('unheard');
  await work();
  const { reply } = await submitUnheard(content);
  await arrived('unheard');
  expect(await one(`select at > now() - interval '10 minutes' from submission_key order by queue_id desc limit 1`)).toBe(true);
  expect((await submit(content)).reply).toBe(reply);
});

test('two submissions of one letter at the same time are one letter', async () => {
  const other = await SmtpClient.open(submission.ports.submissions, { tls: true });
  await other.signIn('max@muster.at', 'vier Mäuse im Schnee');
  const content = letter('at once');
  const replies = await Promise.all([client, other].map((each) => each.send('max@muster.at', ['erika@muster.at'], content)));
  other.close();
  expect(replies[0]).toMatch(/queued as \d+$/);
  expect(replies[1]).toBe(replies[0]);
});

test('letters without a Message-ID, or with other recipients or text, are letters of their own', async () => {
  const ids = [await submit(letter('same', null)), await submit(letter('same', null)), await submit(letter('a', '<x@x>'))];
  ids.push(await submit(letter('b', '<x@x>')));
  expect(new Set(ids.map(({ id }) => id)).size).toBe(4);
});

describe('the ledger of the webmail', () => {
  let prisma: ReturnType<typeof openPrisma>;
  beforeAll(() => {
    prisma = onceInProcess('web.database', () => openPrisma(database.url, 4));
  });
  afterAll(() => prisma.$disconnect());
  const box = () => ({ mailboxId: max });
  /** As sendLetter writes it down once the server has the letter. */
  async function given(subject: string, hold: string): Promise<string> {
    const { id } = await submit(letter(subject), ` ${hold}`);
    await sql(database.url, 'delete from outgoing_letter');
    await sql(
      database.url,
      `insert into outgoing_letter (mailbox_id, letter_id, state, attempt, queue_message, release_at, letter)
        select account_id, $1, 'held', 'a', id, release_at, '{}' from queue_message where id = $2`,
      [subject, id],
    );
    return id;
  }
  const ledger = async () => (await sql(database.url, 'select state, release_at > now() as waits from outgoing_letter'))[0];
  const inAnHour = () => new Date(Date.now() + 3_600_000);

  test('a letter that gets another time while its old one comes is either sent once or waits, and the ledger says which', async () => {
    await work();
    const kept: boolean[] = [];
    for (let round = 0; round < 10; round++) {
      const subject = `moved ${round}`;
      const id = await given(subject, 'HOLDFOR=1');
      // around the moment at which the worker claims it, and another process looks for what has left
      await eventually(
        'its time',
        async () =>
          (await one(
            'select not exists (select 1 from queue_message where id = $1 and release_at > now() + make_interval(secs => $2))',
            id,
            round * 0.02,
          )) === true,
      );
      const [waits, released] = await Promise.all([rescheduleHeld(box(), BigInt(id), inAnHour()), readReleased(10)]);
      for (const each of released) await noteReleased(each.mailboxId, each.letterId);
      kept.push(waits);
      if (waits) {
        expect(await ledger()).toEqual({ state: 'held', waits: true });
        expect(await one('select is_held($1)', id)).toBe(true);
        expect(await cancelHeld(box(), BigInt(id))).toBe(true);
        expect((await ledger())?.['state']).toBe('withdrawn');
      } else {
        await arrived(subject);
        for (const each of await readReleased(10)) await noteReleased(each.mailboxId, each.letterId);
        expect((await ledger())?.['state']).toBe('sent');
      }
      await submit(letter(`behind ${round}`));
      await arrived(`behind ${round}`);
      expect((await subjects()).filter((one) => one === subject)).toHaveLength(waits ? 0 : 1);
    }
    expect(kept).toHaveLength(10);
  }, 300_000);

  test('nobody takes a letter for sent that nobody has claimed, while its new time is being committed or after', async () => {
    const id = await given('between', 'HOLDFOR=600');
    await sql(database.url, `update queue_message set release_at = now() - interval '1 s'`);
    await sql(database.url, `update outgoing_letter set release_at = now() - interval '1 s'`);
    await prisma.$transaction(async (transaction) => {
      await transaction.$queryRaw`select reschedule_held(${max}::bigint, ${BigInt(id)}::bigint, ${inAnHour()}::timestamptz)`;
      // another process looks in this moment: the old time has passed, the new one is not to be seen yet
      expect(await readReleased(10)).toEqual([]);
    });
    expect(await readReleased(10)).toEqual([]);
    expect(await ledger()).toEqual({ state: 'held', waits: true });
  });

  test('a letter that its writer wants to leave now leaves, by the clock of the house and whatever his own says', async () => {
    await work();
    await given('now after all', 'HOLDFOR=600');
    await expect(rescheduleLetter(box(), 'now after all', new Date(Date.now() - 30_000))).rejects.toMatchObject({ code: 'InvalidRequest' });
    expect(await rescheduleLetter(box(), 'now after all', null)).toBeInstanceOf(Date);
    await arrived('now after all');
    expect(await rescheduleLetter(box(), 'now after all', null)).toBeNull();
  });

  test.each([
    ['behind', -3_600_000],
    ['ahead', 3_600_000],
  ])('"now" is what the clock of the queue says where that of the web is %s', async (where, offByMs) => {
    await given(`now ${where}`, 'HOLDFOR=600');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offByMs });
    onTestFinished(() => void vi.useRealTimers());
    const at = await rescheduleLetter(box(), `now ${where}`, null);
    expect(await one('select abs(extract(epoch from $1::timestamptz - now())) < 60', at?.toISOString())).toBe(true);
  });

  test('another time does not set free what somebody stopped', async () => {
    const id = await given('stopped', 'HOLDFOR=600');
    await sql(database.url, `update queue_recipient set next_attempt_at = until_released()`);
    expect(await rescheduleHeld(box(), BigInt(id), new Date())).toBe(true);
    await work();
    await submit(letter('after the stopped'));
    await arrived('after the stopped');
    expect(await subjects()).not.toContain('stopped');
    expect(await readReleased(10)).toEqual([]);
    expect(await one('select is_held($1)', id)).toBe(true);
  });

  test('what the guard stopped stays so in a database of any zone, until somebody releases it', async () => {
    const id = await given('stopped elsewhere', 'HOLDFOR=600');
    const until = () => one('select extract(year from next_attempt_at) from queue_recipient where message_id = $1', id).then(Number);
    await sql(database.url, `alter database "${new URL(database.url).pathname.slice(1)}" set timezone to 'Europe/Vienna'`);
    const there = await openTestServices(database.url);
    try {
      const customer = customerId(Number(await one('select customer_id from mailbox where id = $1', max)));
      expect((await holdOutgoing(there.services.database.write, max, customer, 'strangers', null))?.address).toBe('max@muster.at');
    } finally {
      await there.close();
      await sql(database.url, `alter database "${new URL(database.url).pathname.slice(1)}" reset timezone`);
    }
    expect(await rescheduleHeld(box(), BigInt(id), new Date())).toBe(true);
    expect(await until()).toBeGreaterThan(9000);
    expect(await releaseSending(prisma, mintOperatorScope({ actor: 'system', remote: null }), max)).toMatchObject({ ok: true });
    expect(await until()).toBeLessThan(9000);
  });

  const waiting = async (subject: string) =>
    Number(
      await enqueue(
        opened.services.database.write,
        queuedLetter(['eva@example.org'], {
          customerId: customerId(1),
          accountId: max,
          sender: 'max@muster.at',
          content: Buffer.from(letter(subject)),
        }),
      ),
    );

  test('what is being delivered while the guard stops its mailbox leaves in no later try', async () => {
    const { database: store } = opened.services;
    const ids = [await waiting('put off'), await waiting('put back'), await waiting('of a worker that died')];
    const [first, second] = await leaseRecipients(store, 'one', 10, []);
    if (!first || !second) expect.fail();
    await sql(database.url, `update queue_recipient set leased_until = now() - interval '1 second' where message_id = $1`, [ids[2]]);
    expect(await holdOutgoing(store.write, max, customerId(1), 'strangers', null)).not.toBeNull();
    const busy = { kind: 'deferred' as const, result: { status: '4.7.1', reply: '450 4.7.1 greylisted', remote: null } };
    await concludeAttempt(opened.services, 'one', [first], [busy], null);
    await releaseLeases(store, 'one', [second.id], null);
    const stopped = async () => one('select count(*) from queue_recipient where next_attempt_at = until_released()').then(Number);
    expect(await stopped()).toBe(3);
    expect(await releaseSending(prisma, mintOperatorScope({ actor: 'system', remote: null }), max)).toMatchObject({ ok: true });
    expect(await stopped()).toBe(0);
  });

  test("what a worker had that died while the guard stopped its mailbox is nobody else's until it is released", async () => {
    const { database: store } = opened.services;
    await sql(database.url, 'delete from queue_message');
    await waiting('of a worker that dies');
    expect(await leaseRecipients(store, 'one', 10, [])).toHaveLength(1);
    expect(await holdOutgoing(store.write, max, customerId(1), 'strangers', null)).not.toBeNull();
    await sql(
      database.url,
      `update queue_recipient set leased_until = now() - interval '1 second', next_attempt_at = now() - interval '1 second'`,
    );
    const none = { customers: [], newerThan: nobodyIsNew };
    const due = () => dueDomains(store, { domains: [], all: none, again: none }, 10);
    const claims = async () => [
      ...(await leaseRecipients(store, 'two', 10, [])),
      ...(await leaseRecipients(store, 'two', 10, 'example.org')),
      ...(await claimBatch(store, { worker: 'two', domain: 'example.org', limit: 10, held: [] })),
    ];
    expect([await due(), await claims()]).toEqual([[], []]);
    expect(await letGo()).toMatchObject({ ok: true });
    expect(await due()).toHaveLength(1);
    expect(await claims()).toHaveLength(1);
  });

  const stop = (query: Query) => holdOutgoing(query, max, customerId(1), 'strangers', null);
  const letGo = () => releaseSending(prisma, mintOperatorScope({ actor: 'system', remote: null }), max);
  const putOff = { status: '4.7.1', reply: '450 4.7.1 greylisted', remote: null };
  /** all ways in which a worker puts back what it has */
  const putBack = {
    deferred: (store: Database, { id, messageId }: { id: number; messageId: number }) =>
      settleAttempt(store, {
        worker: 'one',
        messageIds: [messageId],
        finished: [],
        deferred: [{ id, isAttempt: true, delaySeconds: 60, result: putOff, delayedNotice: false }],
        reports: [],
      }),
    released: (store: Database, { id }: { id: number }) => releaseLeases(store, 'one', [id], putOff),
    'given back': (store: Database) => giveBackLeases(store, 'one'),
  };
  /** `first` does its work, and is committed only when `second` has ended or waits for it. */
  const overlapped = async (first: (query: Query) => Promise<unknown>, second: () => Promise<unknown>) => {
    const { transaction } = opened.services.database;
    let ended = false;
    const running = await transaction(async (query) => {
      await first(query);
      const under = second().finally(() => (ended = true));
      const waits = `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await eventually('the second ends or waits', async () => ended || (await one(waits).then(Number)) > 0);
      return { under };
    });
    await running.under;
  };

  test.each(Object.entries(putBack))('what is %s at the moment of a stop or a release is found by it, or finds it', async (_, back) => {
    const store = opened.services.database;
    const when = async () => (await one('select extract(year from next_attempt_at) from queue_recipient').then(Number)) > 9000;
    const leased = async () => {
      await sql(database.url, 'delete from queue_message');
      await waiting('at the same moment');
      return (await leaseRecipients(store, 'one', 10, []))[0] ?? expect.fail();
    };
    const within = (query: Query): Database => ({ ...store, write: query, transaction: (body) => body(query) });
    let recipient = await leased();
    await overlapped(stop, () => back(store, recipient));
    expect(await when()).toBe(true);
    expect(await letGo()).toMatchObject({ ok: true });
    recipient = await leased();
    await overlapped(
      (query) => back(within(query), recipient),
      () => store.transaction(stop),
    );
    expect(await when()).toBe(true);
    recipient = await leased();
    await overlapped((query) => back(within(query), recipient), letGo);
    expect(await when()).toBe(false);
  });
});
