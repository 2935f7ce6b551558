import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EmailAddress } from '#lib/addresses/email-address.ts';
import { mintCustomerScope } from '#lib/auth/customer-scope.ts';
import { customerId, type AccountId } from '#lib/db/ids.ts';
import { openDatabase as openPrisma } from '#lib/db/prisma.ts';
import { type Judgement, unknownProvenance, type Provenance, writtenHere } from '#lib/mime/judgement.ts';
import { resumeTarget } from '#lib/provisioning/addresses/resume-target.ts';
import { addMailboxForward } from '#lib/provisioning/rules/add-mailbox-forward.ts';
import { resumeMailboxForward } from '#lib/provisioning/rules/resume-mailbox-forward.ts';
import { passOn } from '#mail-server/delivery/pass-on.ts';
import { takeReport } from '#mail-server/delivery/take-report.ts';
import { concludeAttempt } from '#mail-server/queue/conclude-attempt.ts';
import { deliverOnward } from '#mail-server/queue/deliver-onward.ts';
import type { QueueContext } from '#mail-server/queue/queue-context.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import type { Database, Statement } from '#mail-server/store/postgres/database.ts';
import { noteForwardFailure, noteForwardSuccess } from '#mail-server/store/queue/forward-failures.ts';
import { enqueue, leaseRecipients, readQueued } from '#mail-server/store/queue/queue-store.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { eventually } from '#tests/support/eventually.ts';
import { storedMessages } from '#tests/support/inbox.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { queuedLetter } from '#tests/support/queued-letter.ts';
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

const outside: Provenance = { ...unknownProvenance, origin: 'outside' };
const came = { content: report, provenance: outside };

/** A forward that began to fail so long ago; a report of it comes. What its owner is told, decoded. */
async function failing(since: string, content = report): Promise<{ told: string[]; paused: unknown }> {
  await sql(database.url, 'delete from queue_message');
  const [row] = await sql(
    database.url,
    `insert into mailbox_forward (mailbox_id, target, set_by, confirmed_at, failing_since)
      values ($1, 'eva@example.org', 'user:1', now(), now() - $2::interval)
      on conflict (mailbox_id, target) do update set failing_since = excluded.failing_since returning id`,
    [account, since],
  );
  await takeReport(opened.services, { kind: 'forward', id: Number(row?.['id']) }, { ...came, content });
  const [forward] = await sql(database.url, 'select paused_at, pause_reason from mailbox_forward');
  const queued = await sql(
    database.url,
    `select r.address || ' ' || encode(m.content, 'escape') as told from queue_message m join queue_recipient r on r.message_id = m.id`,
  );
  return { told: queued.map(({ told }) => String(told)), paused: forward?.['paused_at'] && forward['pause_reason'] };
}

test('a forward that failed for a week is paused, and its owner is told at once and once, though he heard of a failure the same day', async () => {
  expect((await failing('5 days')).told).toHaveLength(1);
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

test('what is wrong with one letter does not pause a forward: two that nobody takes would do, where little else is passed on', async () => {
  await sql(database.url, 'delete from mailbox_forward');
  const about = (status: string) => Buffer.from(`${report}Status: ${status}\r\n`);
  // its owner hears of it all the same, once in a day
  expect(await failing('8 days', about('5.7.1'))).toEqual({ told: [expect.stringMatching(/^max@muster\.at /)], paused: null });
  for (const status of ['5.6.0', '5.3.4', '5.2.3']) expect(await failing('8 days', about(status))).toEqual({ told: [], paused: null });
  const [forward] = await sql(database.url, 'update mailbox_forward set failing_since = null returning id');
  const by = { kind: 'forward', id: Number(forward?.['id']) } as const;
  const failingSince = async (status: string, reply = '550') => {
    await sql(database.url, 'update mailbox_forward set failing_since = null');
    const failure = { reply, status };
    await noteForwardFailure(opened.services.database.write, by, failure, null, { backTo: null, customer: null });
    return (await sql(database.url, 'select failing_since as since from mailbox_forward'))[0]?.['since'];
  };
  expect(await failingSince('5.7.26')).toBeNull();
  expect(await failingSince('5.7.1', '554 5.7.1 <eva@example.org>: Relay access denied')).not.toBeNull();
  for (const quoted of ['<SRS0=x=example.net=relay@muster.at>', 'relay@example.net', 'relay.example.net'])
    expect(await failingSince('5.7.1', `550 5.7.1 ${quoted} Sender refused`), quoted).toBeNull();
  for (const status of ['5.1.1', '5.2.1', '5.4.7', '5.0.0', '5.3.0']) expect(await failingSince(status), status).not.toBeNull();
  await sql(database.url, 'delete from mailbox_forward');
});

test('a report that does not say which address failed is told, though another one that this address leads to rests already', async () => {
  await sql(database.url, 'delete from queue_message');
  await sql(database.url, 'delete from rule_memory');
  const [address] = await sql(
    database.url,
    `with u as (insert into app_user (customer_id, email, name, role, password_hash, mailbox_id) values (1, 'two@muster.at', 'Max', 'owner', '', $1) returning id),
      a as (insert into address (domain_id, address, kind) select domain_id, 'zwei@muster.at', 'forward' from address limit 1 returning id)
      insert into address_target (address_id, outside, set_by, failing_since, paused_at) select a.id, o, 'user:' || u.id, now(), case when o like 'a%' then now() end
        from a, u, unnest(array['a@example.org', 'b@example.org']) o returning address_id as id`,
    [account],
  );
  const content = Buffer.from('From: MAILER-DAEMON@example.org\r\nSubject: failure\r\n\r\nIt did not work.\r\n');
  await takeReport(opened.services, { kind: 'address', id: Number(address?.['id']) }, { ...came, content });
  const queued = await sql(database.url, `select encode(content, 'escape') as told from queue_message`);
  expect(queued.map(({ told }) => /^Subject: (\w+)/m.exec(String(told))?.[1])).toEqual(['failure']);
  // it counts for none of them, unless there is only one that it can mean; a mailbox is none
  await sql(database.url, `insert into address_target (address_id, mailbox_id, set_by) values ($1, $2, 'user:1')`, [
    address?.['id'],
    account,
  ]);
  const failing = async () => {
    await sql(database.url, 'update address_target set failing_since = null');
    await takeReport(opened.services, { kind: 'address', id: Number(address?.['id']) }, { ...came, content });
    const rows = await sql(database.url, 'select outside from address_target where failing_since is not null and address_id = $1', [
      address?.['id'],
    ]);
    return rows.map(({ outside: target }) => target);
  };
  expect(await failing()).toEqual([]);
  await sql(database.url, `delete from address_target where outside = 'a@example.org'`);
  expect(await failing()).toEqual(['b@example.org']);
  await sql(database.url, `delete from address where address = 'zwei@muster.at'`);
  await sql(database.url, `delete from app_user where email = 'two@muster.at'`);
});

test('what fails after somebody took it up again is told, though he heard of it the same day before it rested', async () => {
  const prisma = openPrisma(database.url, 1);
  const scope = mintCustomerScope({ customerId: customerId(1), role: 'owner', actor: 'user:1', remote: null });
  const [row] = await sql(
    database.url,
    `with f as (insert into mailbox_forward (mailbox_id, target, set_by, confirmed_at) values ($1, 'eva@example.org', 'user:1', now())
        on conflict (mailbox_id, target) do update set failing_since = null returning id),
      u as (insert into app_user (customer_id, email, name, role, password_hash, mailbox_id) values (1, 'again@muster.at', 'Max', 'owner', '', $1) returning id),
      a as (insert into address (domain_id, address, kind) select domain_id, 'wieder@muster.at', 'forward' from address limit 1 returning id)
      insert into address_target (address_id, outside, set_by) select a.id, o, 'user:' || u.id from a, u, unnest(array['eva@example.org', 'uwe@example.org']) o
        returning address_id as address, (select id from f) as forward`,
    [account],
  );
  const [forward, address] = [Number(row?.['forward']), Number(row?.['address'])];
  const content = Buffer.from('From: MAILER-DAEMON@example.org\r\nSubject: failure\r\n\r\nIt did not work.\r\n');
  const told = async (kind: 'forward' | 'address', id: number, about: Buffer) => {
    await sql(database.url, 'delete from queue_message');
    await takeReport(opened.services, { kind, id }, { ...came, content: about });
    return (await sql(database.url, 'select 1 from queue_message')).length;
  };
  try {
    for (const resume of [
      () => resumeMailboxForward(prisma, scope, account, forward),
      () => addMailboxForward(prisma, scope, account, { target: 'eva@example.org', keep: true }),
    ]) {
      await sql(database.url, 'delete from rule_memory');
      expect([await told('forward', forward, report), await told('forward', forward, report)]).toEqual([1, 0]);
      expect(await resume()).toMatchObject({ ok: true });
      expect([await told('forward', forward, report), await told('forward', forward, report)]).toEqual([1, 0]);
    }
    expect([await told('address', address, report), await told('address', address, content)]).toEqual([1, 1]);
    expect([await told('address', address, report), await told('address', address, content)]).toEqual([0, 0]);
    expect(await resumeTarget(prisma, scope, 'wieder@muster.at', 'eva@example.org')).toMatchObject({ ok: true });
    expect([await told('address', address, report), await told('address', address, content)]).toEqual([1, 1]);
  } finally {
    await prisma.$disconnect();
    await sql(database.url, `delete from mailbox_forward`);
    await sql(database.url, `delete from address where address = 'wieder@muster.at'`);
    await sql(database.url, `delete from app_user where email = 'again@muster.at'`);
  }
});

test('a report of another host is told as what it is, and not as one of ours: anybody who saw the reverse-path may have written it', async () => {
  await sql(database.url, 'delete from queue_message');
  await sql(database.url, 'delete from rule_memory');
  await takeReport(opened.services, { kind: 'rules', id: account }, came);
  const told = await sql(database.url, 'select origin, content from queue_message');
  expect(told).toEqual([{ origin: 'outside', content: Buffer.concat([Buffer.from('Delivered-To: max@muster.at\r\n'), report]) }]);
});

test('a report about an address that is gone is its customer’s, whoever has the domain by now', async () => {
  const toldOf = async (customer: number) => {
    await sql(database.url, 'delete from queue_message');
    await takeReport(opened.services, { kind: 'address', id: 999_999, backTo: 'owner', customer: customerId(customer) }, came);
    return (await sql(database.url, 'select address from queue_recipient')).map(({ address }) => address);
  };
  expect(await toldOf(1)).toEqual(['max@muster.at']);
  expect(await toldOf(2)).toEqual([]);
});

test('letters that get through at the same moment end the failing of their own forwards, and of those targets alone', async () => {
  const [forward] = await sql(
    database.url,
    `insert into mailbox_forward (mailbox_id, target, set_by, confirmed_at, failing_since) values ($1, 'uwe@example.org', 'user:1', now(), now()) returning id`,
    [account],
  );
  const [address] = await sql(
    database.url,
    `with a as (insert into address (domain_id, address, kind) select domain_id, 'alle@muster.at', 'forward' from address limit 1 returning id)
      insert into address_target (address_id, outside, set_by, failing_since)
        select id, outside, 'user:1', now() from a, unnest(array['eva@example.org', 'uwe@example.org', '"o''{a},b"@example.org']) outside returning address_id as id`,
  );
  const about = (row: Record<string, unknown> | undefined): number => Number(row?.['id']);
  await Promise.all([
    noteForwardSuccess(opened.services.database, { kind: 'forward', id: about(forward) }, ['uwe@example.org']),
    noteForwardSuccess(opened.services.database, { kind: 'address', id: about(address) }, ['eva@example.org', '"o\'{a},b"@example.org']),
    noteForwardSuccess(opened.services.database, { kind: 'rules', id: about(forward) }, ['uwe@example.org']),
  ]);
  const failing = await sql(
    database.url,
    `select target as to from mailbox_forward where failing_since is not null and id = $1
      union all select outside from address_target where failing_since is not null`,
    [about(forward)],
  );
  expect(failing.map(({ to }) => to)).toEqual(['uwe@example.org']);
});

test('what could not be passed on comes back to its mailbox, though the forward was taken away meanwhile', async () => {
  await sql(database.url, 'delete from queue_message');
  await sql(database.url, 'delete from rule_memory');
  const content = Buffer.from('From: eva@example.org\r\nSubject: gone\r\n\r\nStill here.\r\n');
  const { services } = opened;
  const passing = {
    raw: content,
    sender: 'eva@example.org',
    smtputf8: false,
    requireTls: false,
    provenance: unknownProvenance,
    from: 'max@muster.at' as EmailAddress,
    customerId: customerId(1),
    by: { kind: 'forward', id: 4711 } as const,
    backTo: account as AccountId,
    to: ['ida@example.org'],
    acceptKey: null,
  };
  const message = (await passOn(services, services.secret, passing)) ?? expect.fail();
  await enqueue(services.database.write, message);
  const leased = await leaseRecipients(services.database, 'one', 10, []);
  const refused = { kind: 'failed' as const, result: { status: '5.1.1', reply: '550 5.1.1 gone', remote: null } };
  await concludeAttempt(services, 'one', leased, [refused], null);
  const queued = await sql(
    database.url,
    `select encode(m.content, 'escape') as content from queue_message m join queue_recipient r on r.message_id = m.id where r.address = 'max@muster.at'
      order by encode(m.content, 'escape') like '%Subject: Nicht weitergeleitet%'`,
  );
  expect(queued).toHaveLength(2);
  expect(queued[0]?.['content']).toContain('Still here.');
  expect(queued[1]?.['content']).toContain('Subject: Nicht weitergeleitet - Not forwarded');
});

test('who set a forward hears that it rests, though the worker that found it out came too late to write it down', async () => {
  await sql(database.url, 'delete from queue_message');
  const [forward] = await sql(
    database.url,
    `insert into mailbox_forward (mailbox_id, target, set_by, confirmed_at, failing_since)
      values ($1, 'zoe@example.org', 'user:1', now(), now() - interval '8 days') returning id`,
    [account],
  );
  const { services } = opened;
  const passing = {
    raw: Buffer.from('From: eva@example.org\r\nSubject: late\r\n\r\nx\r\n'),
    sender: 'eva@example.org',
    smtputf8: false,
    requireTls: false,
    provenance: unknownProvenance,
    from: 'max@muster.at' as EmailAddress,
    customerId: customerId(1),
    by: { kind: 'forward', id: Number(forward?.['id']) } as const,
    backTo: null,
    to: ['zoe@example.org'],
    acceptKey: null,
  };
  await enqueue(services.database.write, (await passOn(services, services.secret, passing)) ?? expect.fail());
  const leased = await leaseRecipients(services.database, 'one', 10, []);
  const refused = { kind: 'failed' as const, result: { status: '5.1.1', reply: '550 5.1.1 gone', remote: null } };
  expect(await concludeAttempt(services, 'too late', leased, [refused], null)).toBe(false);
  expect(await concludeAttempt(services, 'one', leased, [refused], null)).toBe('gone');
  const told = await sql(database.url, `select encode(content, 'escape') as content from queue_message`);
  expect(told.map(({ content }) => /^Subject: (.*?)\s*$/m.exec(String(content))?.[1])).toEqual(['Weiterleitung ruht - Forward paused']);
});

/** An address of the house that leads to mailboxes of it, and a mailbox that passes everything on to there. */
async function team(name: string): Promise<{ to: EmailAddress; box: AccountId; other: AccountId; forward: number }> {
  const to = `${name}@muster.at` as EmailAddress;
  const [box, other] = [await createAccount(database.url, `${name}-1@muster.at`), await createAccount(database.url, `${name}-2@muster.at`)];
  await sql(
    database.url,
    `with a as (insert into address (domain_id, address, kind) select domain_id, $1, 'forward' from mailbox where id = $2 returning id)
      insert into address_target (address_id, mailbox_id, set_by) select a.id, m, 'user:1' from a, unnest(array[$2, $3]::int8[]) m`,
    [to, box, other],
  );
  const [row] = await sql(
    database.url,
    `insert into mailbox_forward (mailbox_id, target, keep, set_by, confirmed_at) values ($1, $2, false, 'user:1', now()) returning id`,
    [box, to],
  );
  return { to, box, other, forward: Number(row?.['id']) };
}

const incoming = (services: TestServices['services'], to: EmailAddress) =>
  enqueue(services.database.write, {
    customerId: customerId(1),
    accountId: null,
    sender: '',
    locale: 'de',
    content: Buffer.from(
      `From: eva@example.org\r\nDate: Mon, 23 Nov 2026 00:22:31 +0000\r\nMessage-ID: <${to}>\r\nSubject: x\r\n\r\nStill here.\r\n`,
    ),
    smtputf8: false,
    dsnReturn: null,
    dsnEnvelope: null,
    acceptKey: null,
    provenance: writtenHere,
    recipients: [{ address: to, domain: 'muster.at', dsnNotify: null, dsnOriginal: null }],
  });

test('who has a letter by an address of the house gets no second one from a mailbox that passes its own on to there', async () => {
  await sql(database.url, 'delete from queue_message');
  const { services } = opened;
  const { to, box, other } = await team('rund');
  await incoming(services, to);
  const worker = await startQueue(services);
  await eventually('nothing waits', async () => (await sql(database.url, 'select 1 from queue_recipient')).length === 0);
  await worker.close(1000);
  expect(await Promise.all([box, other].map(async (each) => (await storedMessages(services.store, each)).length))).toEqual([1, 1]);
});

test('a letter without a sender that a mailbox passes on to an address of the house, and fails behind that, comes back into it', async () => {
  await sql(database.url, 'delete from queue_message');
  const { services } = opened;
  const { to, box, forward } = await team('ohne');
  const passing = {
    raw: Buffer.from('From: eva@example.org\r\nSubject: gone\r\n\r\nStill here.\r\n'),
    sender: '',
    smtputf8: false,
    requireTls: false,
    provenance: unknownProvenance,
    from: 'ohne-1@muster.at' as EmailAddress,
    customerId: customerId(1),
    by: { kind: 'forward', id: forward } as const,
    backTo: box,
    to: [to],
    acceptKey: null,
  };
  await enqueue(services.database.write, (await passOn(services, services.secret, passing)) ?? expect.fail());
  const [recipient] = await leaseRecipients(services.database, 'one', 10, []);
  const conclude: QueueContext['conclude'] = async (recipients, outcomes, content, more) =>
    void (await concludeAttempt(services, 'one', recipients, outcomes, content, more));
  if (!recipient) expect.fail();
  await deliverOnward({ services, conclude }, recipient.messageId, [{ recipient, customerId: customerId(1), address: to }]);
  const refused = { kind: 'failed' as const, result: { status: '5.2.1', reply: '550 5.2.1 closed', remote: null } };
  const behind = await leaseRecipients(services.database, 'one', 10, []);
  expect(behind.map(({ address }) => address)).toEqual(['ohne-1@muster.at', 'ohne-2@muster.at']);
  await concludeAttempt(services, 'one', behind, [{ ...refused, kind: 'delivered', way: 'stored', confirms: false }, refused], null);
  const back = await sql(
    database.url,
    `select r.address from queue_message m join queue_recipient r on r.message_id = m.id where encode(m.content, 'escape') like '%Still here.%'`,
  );
  expect(back.map(({ address }) => address)).toContain('ohne-1@muster.at');
});

test('what an address without a mailbox could not pass on comes to whoever answers for it, each letter, though the notice comes once a day', async () => {
  await sql(database.url, 'delete from queue_message');
  const [address] = await sql(
    database.url,
    `with u as (insert into app_user (customer_id, email, name, role, password_hash, mailbox_id) values (1, 'max@muster.at', 'Max', 'owner', '', $1) returning id),
      a as (insert into address (domain_id, address, kind) select domain_id, 'office@muster.at', 'forward' from address limit 1 returning id)
      insert into address_target (address_id, outside, set_by) select a.id, 'ida@example.org', 'user:' || u.id from a, u returning address_id as id`,
    [account],
  );
  const { services } = opened;
  const passing = {
    sender: 'eva@example.org',
    smtputf8: false,
    requireTls: false,
    provenance: unknownProvenance,
    from: 'office@muster.at' as EmailAddress,
    customerId: customerId(1),
    by: { kind: 'address', id: Number(address?.['id']) } as const,
    backTo: 'owner' as const,
    to: ['ida@example.org'],
    acceptKey: null,
  };
  for (const subject of ['one', 'two']) {
    const raw = Buffer.from(`From: eva@example.org\r\nSubject: ${subject}\r\n\r\nStill here.\r\n`);
    await enqueue(services.database.write, (await passOn(services, services.secret, { ...passing, raw })) ?? expect.fail());
  }
  const leased = await leaseRecipients(services.database, 'one', 10, []);
  const refused = { kind: 'failed' as const, result: { status: '5.1.1', reply: '550 5.1.1 gone', remote: null } };
  for (const one of leased) await concludeAttempt(services, 'one', [one], [refused], null);
  const queued = await sql(
    database.url,
    `select encode(m.content, 'escape') as content from queue_message m join queue_recipient r on r.message_id = m.id where r.address = 'max@muster.at' order by m.id`,
  );
  const subjects = queued.map(({ content }) => /^Subject: (.*?)\s*$/m.exec(String(content))?.[1]);
  expect(subjects.toSorted()).toEqual(['Nicht weitergeleitet - Not forwarded', 'one', 'two']);
});

test('what comes back is a stranger’s as it was, with what the door found out, and no report of ours; once, though two places refuse it', async () => {
  await sql(database.url, 'delete from queue_message');
  const { services } = opened;
  const judgement: Judgement = { verdict: 'failed', spf: null, dkim: [], dmarc: [], arc: null };
  const found: Provenance = { ...outside, author: 'bank@example.org', judgement };
  const passing = {
    raw: Buffer.from('From: bank@example.org\r\nSubject: Konto\r\n\r\nhttps://bank.example.top/\r\n'),
    sender: 'eva@example.org',
    smtputf8: false,
    requireTls: false,
    // the mailbox would take it for one that it has: it passed that on and kept nothing
    provenance: { ...found, heldAs: 'once' },
    from: 'max@muster.at' as EmailAddress,
    customerId: customerId(1),
    by: { kind: 'forward', id: 4711 } as const,
    backTo: account as AccountId,
    to: ['ida@example.org', 'uwe@example.org'],
    acceptKey: null,
  };
  await enqueue(services.database.write, (await passOn(services, services.secret, passing)) ?? expect.fail());
  const leased = await leaseRecipients(services.database, 'one', 10, []);
  const refused = { kind: 'failed' as const, result: { status: '5.7.1', reply: '550 5.7.1 spam', remote: null } };
  await concludeAttempt(services, 'one', leased, [refused, refused], null);
  const back = await sql(
    database.url,
    `select m.id::int from queue_message m join queue_recipient r on r.message_id = m.id
      where r.address = 'max@muster.at' and encode(m.content, 'escape') like '%Subject: Konto%' and encode(m.content, 'escape') not like '%delivery-status%'`,
  );
  expect(back).toHaveLength(1);
  expect((await readQueued(services.database, Number(back[0]?.['id'])))?.provenance).toEqual(found);
});

test('what several places refuse comes back once, whether they do it in one try or not, and as one letter or each its own', async () => {
  await sql(database.url, 'delete from queue_message');
  const { services } = opened;
  const passing = {
    raw: Buffer.from('Return-Path: <eva@example.org>\r\nReceived: from a by b; now\r\nSubject: Einmal\r\n\r\nText\r\n'),
    sender: 'eva@example.org',
    smtputf8: false,
    requireTls: false,
    provenance: outside,
    from: 'max@muster.at' as EmailAddress,
    customerId: customerId(1),
    by: { kind: 'rules', id: account } as const,
    backTo: account as AccountId,
    acceptKey: null,
  };
  const refused = { kind: 'failed' as const, result: { status: '5.7.1', reply: '550 5.7.1 spam', remote: null } };
  for (const to of [['ida@example.org', 'uwe@example.org'], ['ute@example.org']])
    await enqueue(services.database.write, (await passOn(services, services.secret, { ...passing, to })) ?? expect.fail());
  const leased = await leaseRecipients(services.database, 'one', 10, []);
  expect(leased).toHaveLength(3);
  for (const each of leased) await concludeAttempt(services, 'one', [each], [refused], null);
  const back = await sql(
    database.url,
    `select m.id from queue_message m join queue_recipient r on r.message_id = m.id
      where r.address = 'max@muster.at' and encode(m.content, 'escape') like '%Subject: Einmal%' and encode(m.content, 'escape') not like '%delivery-status%'`,
  );
  expect(back).toHaveLength(1);
});

test('what could not be passed on comes back whole, though the database is away when that is known', async () => {
  await sql(database.url, 'delete from queue_message');
  const [row] = await sql(
    database.url,
    `insert into mailbox_forward (mailbox_id, target, set_by, confirmed_at) values ($1, 'ida@example.org', 'user:1', now()) returning id`,
    [account],
  );
  const content = Buffer.from('From: eva@example.org\r\nSubject: whole\r\n\r\nTo its last word.\r\n');
  const { services } = opened;
  await enqueue(
    services.database.write,
    queuedLetter(['ida@example.org'], {
      customerId: customerId(1),
      sender: 'eva@example.org',
      content,
      passedOnBy: `forward:${Number(row?.['id'])}`,
    }),
  );
  const leased = await leaseRecipients(services.database, 'one', 10, []);
  const away = new Set(['queue_content', 'forward_failed']);
  const once =
    (lane: Database['write']): Database['write'] =>
    (statement: Statement, values) =>
      away.delete(statement.name ?? '') ? Promise.reject(new Error('away')) : lane(statement, values);
  const shaky: Database = { ...services.database, bulk: once(services.database.bulk), write: once(services.database.write) };
  const refused = { kind: 'failed' as const, result: { status: '5.1.1', reply: '550 5.1.1 gone', remote: null } };
  await concludeAttempt({ ...services, database: shaky }, 'one', leased, [refused], null);
  expect(away).toEqual(new Set());
  const back = await sql(
    database.url,
    `select m.content from queue_message m join queue_recipient r on r.message_id = m.id where r.address = 'max@muster.at' and m.sender = '' and m.content = $1`,
    [content],
  );
  expect(back).toHaveLength(1);
});
