import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { unknownProvenance } from '#lib/mime/judgement.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { customerId } from '#lib/db/ids.ts';
import { HeldMailboxes } from '#mail-server/queue/held-mailboxes.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import { bellOf } from '#mail-server/queue/queue-bell.ts';
import { forgetAcceptKey, settleAttempt } from '#mail-server/store/queue/queue-settlement.ts';
import { enqueue, leaseRecipients, type NewQueueMessage, type NewQueueRecipient } from '#mail-server/store/queue/queue-store.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { eventually } from '#tests/support/eventually.ts';
import { storedMessages } from '#tests/support/inbox.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';
import { smtpError, startSmtpSink, type SmtpSink } from '#tests/support/smtp-sink.ts';
import type { Running } from '#mail-server/services.ts';

let database: TestDatabase;
let dns: DnsServer;
let sink: SmtpSink;
let opened: TestServices;
let max: AccountId;
let workers: Running[] = [];
const others: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({});
  sink = await startSmtpSink({
    onRcptTo(address, _session, done) {
      if (address.address.startsWith('unknown')) done(smtpError(550, 'No such user here'));
      else if (address.address.startsWith('later')) done(smtpError(451, 'Greylisted, come back'));
      else done();
    },
  });
  opened = await openTestServices(database.url, { dnsServers: [dns.address], smtpPortOut: sink.port, hostName: 'mail.muster.at' });
  max = await createAccount(database.url, 'max@muster.at');
});
afterAll(async () => {
  await sink.close();
  await opened.close();
  await dns.close();
  await database.drop();
});
beforeEach(() => {
  dns.zone = {
    'example.org': { MX: [[10, 'mx.example.org']] },
    'mx.example.org': { A: ['127.0.0.1'] },
  };
  sink.messages.length = 0;
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close(2000)));
  workers = [];
  for (const other of others.splice(0)) await other.close();
  await sql(database.url, 'delete from queue_message');
  await sql(database.url, 'delete from trace_event');
  const snapshot = await opened.services.store.snapshot(max, 1);
  if (snapshot.count > 0) await opened.services.store.expunge(max, 1, [[1, snapshot.uidnext]], true);
});

const letter = 'From: max@muster.at\r\nTo: hans@example.org\r\nSubject: Hallo\r\n\r\nText\r\n';
const to = (address: string, more: Partial<NewQueueRecipient> = {}): NewQueueRecipient => ({
  address,
  domain: address.slice(address.lastIndexOf('@') + 1),
  dsnNotify: null,
  dsnOriginal: null,
  ...more,
});
const queue = (recipients: readonly NewQueueRecipient[], more: Partial<NewQueueMessage> = {}) =>
  enqueue(opened.services.database.write, {
    customerId: customerId(1),
    accountId: max,
    sender: 'max@muster.at',
    locale: 'de',
    content: Buffer.from(letter),
    smtputf8: false,
    dsnReturn: null,
    dsnEnvelope: null,
    acceptKey: null,
    provenance: { ...unknownProvenance, origin: 'submitted', submittedBy: max },
    recipients,
    ...more,
  });
const work = async (services = opened.services) => {
  const worker = await startQueue(services);
  workers.push(worker);
  return worker;
};
const recipientRows = () => sql(database.url, 'select * from queue_recipient order by id');
const emptied = () => eventually('an empty queue', async () => (await sql(database.url, 'select 1 from queue_message')).length === 0);
const inbox = async () => (await storedMessages(opened.services.store, max)).map(String);
/** The report that max gets. */
const report = () => eventually('a report', async () => (await inbox())[0]);
const attempted = () => eventually('an attempt', async () => (await recipientRows()).find((row) => Number(row['attempts']) > 0));

describe('to other hosts', () => {
  test('goes to the MX, with TLS where it is offered, byte for byte, and leaves the queue', async () => {
    await queue([to('Hans@example.org')], { content: Buffer.from('Subject: x\r\n\r\n.dot\r\n..two\r\n') });
    await work();
    await emptied();
    expect(sink.messages).toHaveLength(1);
    expect(sink.messages[0]).toMatchObject({ sender: 'max@muster.at', encrypted: true });
    expect(sink.messages[0]?.recipients[0]?.address).toBe('Hans@example.org');
    expect(sink.messages[0]?.content.toString()).toBe('Subject: x\r\n\r\n.dot\r\n..two\r\n');
  });

  test('prefers the MX of lowest number, and goes to the next when that cannot be reached', async () => {
    dns.zone['example.org'] = {
      MX: [
        [20, 'mx.example.org'],
        [10, 'dead.example.org'],
        [5, 'missing.example.org'],
      ],
    };
    dns.zone['dead.example.org'] = { A: ['127.0.0.99'] };
    await queue([to('hans@example.org')]);
    await work();
    await emptied();
    expect(sink.messages).toHaveLength(1);
  });

  test('takes the domain itself where there is no MX', async () => {
    dns.zone['example.org'] = { A: ['127.0.0.1'] };
    await queue([to('hans@example.org')]);
    await work();
    await emptied();
    expect(sink.messages).toHaveLength(1);
  });

  test('goes without TLS where TLS does not work', async () => {
    // both sides know TLS, but no version in common
    const broken = await startSmtpSink({ minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=2' }, '127.0.0.7', sink.port);
    others.push(broken);
    dns.zone['mx.example.org'] = { A: ['127.0.0.7'] };
    await queue([to('hans@example.org')]);
    await work();
    await emptied();
    expect(broken.messages).toMatchObject([{ encrypted: false }]);
  });

  test.each(['TLSv1', 'TLSv1.1'] as const)('goes encrypted also where the host knows nothing newer than %s', async (version) => {
    const old = await startSmtpSink({ minVersion: 'TLSv1', maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' }, '127.0.0.7', sink.port);
    others.push(old);
    dns.zone['mx.example.org'] = { A: ['127.0.0.7'] };
    await queue([to('hans@example.org')]);
    await work();
    await emptied();
    expect(old.messages).toMatchObject([{ encrypted: true }]);
  });

  test('several recipients of one domain share a transaction, several messages a connection', async () => {
    for (let count = 0; count < 6; count++) await queue([to(`a${count}@example.org`), to(`b${count}@example.org`)]);
    await work();
    await emptied();
    expect(sink.messages.map(({ recipients }) => recipients.length)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(new Set(sink.messages.map(({ session }) => session)).size).toBeLessThan(6);
  });

  test('the trace names the machine that took a letter, since a name may stand for several', async () => {
    await queue([to('hans@example.org')]);
    await work();
    const [row] = await eventually('a trace', async () => {
      const rows = await sql(database.url, "select remote from trace_event where step = 'relayed' order by at desc limit 1");
      return rows.length > 0 ? rows : null;
    });
    expect(row).toEqual({ remote: 'mx.example.org[127.0.0.1]' });
  });

  test('a wake-up call makes it go at once, without a poll', async () => {
    await work();
    await queue([to('hans@example.org')]);
    bellOf(opened.services.database).ring();
    await emptied();
    expect(sink.messages).toHaveLength(1);
  });

  test('passes on what the sender wants to be told', async () => {
    await queue([to('hans@example.org', { dsnNotify: 'FAILURE', dsnOriginal: 'rfc822;Hans@example.org' })], {
      dsnReturn: 'HDRS',
      dsnEnvelope: 'QQ1',
    });
    await work();
    await emptied();
    expect(sink.messages[0]?.parameters).toMatchObject({ RET: 'HDRS', ENVID: 'QQ1' });
    expect(sink.messages[0]?.recipients[0]?.parameters).toMatchObject({ NOTIFY: 'FAILURE', ORCPT: 'rfc822;Hans@example.org' });
  });

  test('an international address goes with SMTPUTF8', async () => {
    await queue([to('jürgen@example.org')], { smtputf8: true });
    await work();
    await emptied();
    expect(sink.messages[0]?.parameters).toHaveProperty('SMTPUTF8');
  });
});

describe('what is put off', () => {
  test('a 4xx is tried again five minutes later and not before, then ten', async () => {
    await queue([to('later@example.org')]);
    await work();
    const row = await attempted();
    expect(row).toMatchObject({ state: 'queued', attempts: 1, leased_by: null, last_status: '4.0.0' });
    expect(String(row['last_reply'])).toContain('Greylisted');
    const [first] = await sql(database.url, 'select extract(epoch from next_attempt_at - now())::int as s from queue_recipient');
    expect(Number(first?.['s'])).toBeGreaterThan(280);
    expect(Number(first?.['s'])).toBeLessThanOrEqual(360);
    await sql(database.url, 'update queue_recipient set next_attempt_at = now()');
    await eventually('a second attempt', async () => (await recipientRows())[0]?.['attempts'] === 2);
    const [second] = await sql(database.url, 'select extract(epoch from next_attempt_at - now())::int as s from queue_recipient');
    expect(Number(second?.['s'])).toBeGreaterThan(570);
    expect(await inbox()).toEqual([]);
  });

  test('a host that cannot be reached, and a DNS that does not answer, are tried again', async () => {
    dns.zone['mx.example.org'] = { A: ['127.0.0.99'] };
    await queue([to('hans@example.org')]);
    await work();
    expect(await attempted()).toMatchObject({ state: 'queued', last_status: '4.4.1' });
  });

  test('after four hours the sender is told once that it is still being tried', async () => {
    await queue([to('later@example.org')]);
    await sql(database.url, `update queue_message set created_at = now() - interval '5 hours'`);
    await work();
    const text = await report();
    expect(text).toContain('Subject: Zustellung dauert noch - Delayed mail');
    expect(text).toMatch(/Action: delayed\r\nStatus: 4\.0\.0/);
    expect(text).toContain('Will-Retry-Until: ');
    await sql(database.url, `update queue_recipient set next_attempt_at = now() where address = 'later@example.org'`);
    await eventually('a second attempt', async () => (await recipientRows()).some((row) => row['attempts'] === 2));
    expect(await inbox()).toHaveLength(1);
  });

  test('after five days it is given up', async () => {
    await queue([to('later@example.org')]);
    await sql(database.url, `update queue_message set created_at = now() - interval '121 hours'`);
    await work();
    const text = await report();
    expect(text).toMatch(/Action: failed\r\nStatus: 5\.4\.7/);
    expect(text.replaceAll('=\r\n', '')).toContain('geben jetzt auf');
    await emptied();
  });

  test('the days are counted by the clock of the database, whatever that of this machine says', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10 * 86_400_000 });
    onTestFinished(() => void vi.useRealTimers());
    await queue([to('later@example.org')]);
    await work();
    expect(await attempted()).toMatchObject({ state: 'queued', attempts: 1, delayed_notice_at: null });
    expect(await inbox()).toEqual([]);
  });
});

describe('what comes back', () => {
  test('a 5xx is reported with its reason in German and English and the words of the other host', async () => {
    await queue([to('unknown@example.org'), to('hans@example.org')]);
    await work();
    const text = (await report()).replace(/=\r\n/g, '');
    expect(text).toMatch(/^Return-Path: <>\r\nFrom: Postamt Mail Delivery System <mailer-daemon@mail\.muster\.at>/);
    expect(text).toContain('Adresse unbekannt');
    expect(text).toContain('address unknown');
    expect(text).toContain('No such user here');
    expect(text).toMatch(
      /Final-Recipient: rfc822; unknown@example\.org\r\nAction: failed\r\nStatus: 5\.\d\.\d\r\nRemote-MTA: dns; mx\.example\.org/,
    );
    expect(text).not.toContain('Final-Recipient: rfc822; hans@example.org');
    await emptied();
    expect(sink.messages).toHaveLength(1);
  });

  test.each([
    ['a domain that does not exist', 'nirgends.example', undefined, '5.1.2'],
    ['a domain that wants no mail (null MX)', 'example.org', { MX: [[0, ''] as [number, string]] }, '5.1.10'],
    [
      'a domain that says so twice',
      'example.org',
      {
        MX: [
          [0, ''],
          [10, ''],
        ] as [number, string][],
        A: ['127.0.0.1'],
      },
      '5.1.10',
    ],
    [
      'a domain whose MX name no hosts',
      'example.org',
      { MX: [[10, 'mail host.example']] as [number, string][], A: ['127.0.0.1'] },
      '5.4.4',
    ],
    ['a domain whose MX is this host', 'example.org', { MX: [[10, 'mail.muster.at'] as [number, string]] }, '5.4.6'],
    ['a domain whose MX do not exist', 'example.org', { MX: [[10, 'nirgends.example'] as [number, string]] }, '5.4.4'],
  ])('%s is reported at once', async (_what, domain, entry, status) => {
    if (entry) dns.zone[domain] = entry;
    await queue([to(`hans@${domain}`)]);
    await work();
    expect(await report()).toContain(`Status: ${status}`);
    await emptied();
  });

  test('a local address that is gone is reported', async () => {
    await queue([to('weg@muster.at')]);
    await work();
    expect(await report()).toContain('Status: 5.1.1');
  });

  test('a host without SMTPUTF8 cannot take an international address', async () => {
    const old = await startSmtpSink({ hideSMTPUTF8: true }, '127.0.0.8', sink.port);
    others.push(old);
    dns.zone['mx.example.org'] = { A: ['127.0.0.8'] };
    await queue([to('jürgen@example.org')], { smtputf8: true });
    await work();
    expect(await report()).toContain('Status: 5.6.7');
  });

  test('NOTIFY=NEVER is told nothing', async () => {
    await queue([to('unknown@example.org', { dsnNotify: 'NEVER' })]);
    await work();
    await emptied();
    expect(await inbox()).toEqual([]);
  });

  test('the null sender is never answered', async () => {
    await queue([to('unknown@example.org')], { sender: '' });
    await work();
    await emptied();
    expect(await inbox()).toEqual([]);
  });

  test('NOTIFY=SUCCESS is confirmed: delivered here, relayed to a host that knows no DSN', async () => {
    const simple = await startSmtpSink({ hideDSN: true }, '127.0.0.9', sink.port);
    others.push(simple);
    dns.zone['simple.example'] = { A: ['127.0.0.9'] };
    const erika = await createAccount(database.url, 'erika@muster.at');
    await queue([
      to('erika@muster.at', { dsnNotify: 'SUCCESS' }),
      to('hans@simple.example', { dsnNotify: 'SUCCESS' }),
      to('hans@example.org', { dsnNotify: 'SUCCESS' }),
    ]);
    await work();
    const texts = await eventually('two reports', async () => ((await inbox()).length === 2 ? inbox() : null));
    expect(texts.join()).toMatch(/Final-Recipient: rfc822; erika@muster\.at\r\nAction: delivered\r\nStatus: 2\.1\.5/);
    expect(texts.join()).toMatch(/Final-Recipient: rfc822; hans@simple\.example\r\nAction: relayed/);
    await emptied();
    expect(await storedMessages(opened.services.store, erika)).toHaveLength(1);
  });
});

describe('to our own mailboxes', () => {
  test('is stored with the Return-Path of its sender', async () => {
    await queue([to('Max@muster.at')]);
    await work();
    expect(await report()).toBe(`Return-Path: <max@muster.at>\r\n${letter}`);
    await emptied();
  });

  test('what the policy of its author wants treated as suspicious goes to Junk by way of the queue too', async () => {
    const judgement = { verdict: 'failed' as const, spf: null, dkim: [], arc: null };
    const dmarc = [{ result: 'fail', domain: 'bank.example', policy: 'quarantine' }];
    const junk = (await opened.services.store.folders(max)).find(({ specialUse }) => specialUse === '\\Junk')?.folderId ?? 0;
    const before = (await storedMessages(opened.services.store, max, junk)).length;
    await queue([to('max@muster.at')], {
      provenance: { origin: 'outside', author: null, submittedBy: null, judgement: { ...judgement, dmarc } },
    });
    await work();
    await emptied();
    expect(await inbox()).toEqual([]);
    expect(await storedMessages(opened.services.store, max, junk)).toHaveLength(before + 1);
  });

  test('two workers deliver each message once', async () => {
    const other = await openTestServices(database.url, { dnsServers: [dns.address], smtpPortOut: sink.port });
    others.push(other);
    for (let count = 0; count < 60; count++) await queue([to('max@muster.at')], { content: Buffer.from(`Subject: ${count}\r\n\r\n`) });
    await Promise.all([work(), work(other.services)]);
    await emptied();
    const subjects = (await inbox()).map((text) => /Subject: (\d+)/.exec(text)?.[1]);
    expect(subjects.toSorted()).toEqual(Array.from({ length: 60 }, (_, index) => String(index)).toSorted());
  });

  test('what a worker held that died is delivered by another, and not twice if it was stored already', async () => {
    await queue([to('max@muster.at')]);
    const { services } = opened;
    const [held] = await leaseRecipients(services.database, 'dead', 10, []);
    if (!held) throw new Error('nothing leased');
    expect(await leaseRecipients(services.database, 'other', 10, [])).toEqual([]);
    // it had stored the message, and died before it could say so
    const { deliverLocally } = await import('#mail-server/queue/deliver-locally.ts');
    await deliverLocally({ services, conclude: async () => undefined, heldMailboxes: new HeldMailboxes() }, held.messageId, [
      { recipient: held, account: max, rulesVersion: 0 },
    ]);
    expect(await inbox()).toHaveLength(1);
    await sql(database.url, 'update queue_recipient set next_attempt_at = now(), leased_until = now()');
    await work();
    await emptied();
    expect(await inbox()).toHaveLength(1);
  });

  test('what a group sent to somebody whose forward keeps nothing goes on once, though its worker died behind that', async () => {
    const { services } = opened;
    const forward = `insert into mailbox_forward (mailbox_id, target, keep, set_by, confirmed_at) values ($1, 'hans@example.org', false, 'x', now())`;
    await sql(database.url, forward, [max]);
    try {
      await queue([to('max@muster.at')], {
        content: Buffer.from(`Message-ID: <group@muster.at>\r\n${letter}`),
        passedOnBy: 'address:7 kept',
      });
      const [held] = await leaseRecipients(services.database, 'dead', 10, []);
      if (!held) throw new Error('nothing leased');
      const [mailbox] = await sql(database.url, 'select rules_version from mailbox where id = $1', [max]);
      const local = { recipient: held, account: max, rulesVersion: Number(mailbox?.['rules_version']) };
      const { deliverLocally } = await import('#mail-server/queue/deliver-locally.ts');
      const other = await openTestServices(database.url, { dnsServers: [dns.address], smtpPortOut: sink.port, hostName: 'mail.muster.at' });
      others.push(other);
      for (const one of [services, other.services])
        await deliverLocally({ services: one, conclude: async () => undefined, heldMailboxes: new HeldMailboxes() }, held.messageId, [
          local,
        ]);
      expect(await inbox()).toEqual([]);
      expect((await recipientRows()).map(({ address }) => address)).toEqual(['max@muster.at', 'hans@example.org']);
    } finally {
      await sql(database.url, 'delete from mailbox_forward where mailbox_id = $1', [max]);
    }
  });

  test('a worker does not begin anew what it is still at, though its lease ran out while the database was away', async () => {
    await queue([to('hans@example.org')]);
    const { database: db } = opened.services;
    const [held] = await leaseRecipients(db, 'same', 10, []);
    await sql(
      database.url,
      `update queue_recipient set next_attempt_at = now() - interval '1 minute', leased_until = now() - interval '1 minute'`,
    );
    expect(await leaseRecipients(db, 'same', 10, [], [held?.id ?? 0])).toEqual([]);
    expect(await leaseRecipients(db, 'another', 10, [])).toHaveLength(1);
  });

  test('a worker that lost its lease writes nothing down', async () => {
    await queue([to('max@muster.at')]);
    const { services } = opened;
    const [held] = await leaseRecipients(services.database, 'slow', 10, []);
    await sql(database.url, 'update queue_recipient set next_attempt_at = now()');
    await leaseRecipients(services.database, 'other', 10, []);
    const settled = await settleAttempt(services.database, {
      worker: 'slow',
      messageIds: [held?.messageId ?? 0],
      finished: [{ id: held?.id ?? 0, state: 'failed', result: { status: '5.0.0', reply: '', remote: null } }],
      deferred: [],
      reports: [],
    });
    expect(settled).toBe(false);
    expect((await recipientRows())[0]).toMatchObject({ state: 'queued', leased_by: 'other' });
  });

  test('a worker that ends gives back what it did not get done', async () => {
    dns.zone['example.org'] = 'silent';
    await queue([to('hans@example.org')]);
    const worker = await work();
    await eventually('a lease', async () => (await recipientRows())[0]?.['leased_by']);
    await worker.close(0);
    expect((await recipientRows())[0]).toMatchObject({ leased_until: null, state: 'queued' });
  });
});

test('the keys of letters that are answered at the same moment are all forgotten, and one that is done by then goes', async () => {
  const keys = [1, 2, 3, 4, 5].map((number) => Buffer.alloc(32, number));
  const ids = await Promise.all(keys.map((acceptKey) => queue([to('hans@example.org')], { acceptKey })));
  await sql(
    database.url,
    "update queue_recipient set state = 'delivered', done_at = now() where message_id = (select min(id) from queue_message)",
  );
  await Promise.all(ids.map((id) => forgetAcceptKey(opened.services.database, id ?? 0)));
  const left = await sql(database.url, 'select accept_key from queue_message');
  expect(left.map((row) => row['accept_key'])).toEqual([null, null, null, null]);
});

test('a letter that somebody holds keeps no key but its own, and goes as soon as it is done', async () => {
  const keys = [1, 2, 3, 4].map((number) => Buffer.alloc(32, number));
  const queued = await Promise.all(keys.map((acceptKey) => queue([to('hans@example.org')], { acceptKey })));
  const [first = 0, held = 0, third = 0, later = 0] = queued.map(Number);
  const kept = async () =>
    (await sql(database.url, 'select id from queue_message where accept_key is not null')).map(({ id }) => Number(id));
  const forget = (...ids: number[]) => Promise.all(ids.map((id) => forgetAcceptKey(opened.services.database, id)));
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query('select 1 from queue_message where id = $1 for update', [held]);
    const done = forget(first, held, third);
    await eventually('the others', async () => (await kept()).length === 2);
    await forget(later);
    expect(await kept()).toEqual([held]);
    await holder.query("update queue_recipient set state = 'delivered', done_at = now() where message_id = $1", [held]);
    await holder.query('commit');
    await done;
    expect(await kept()).toEqual([]);
    expect(await sql(database.url, 'select 1 from queue_message where id = $1', [held])).toEqual([]);
  } finally {
    await holder.end();
  }
});

test('whoever writes down that a letter arrived has nothing of it while another holds it, so that neither waits for the other', async () => {
  const id = await queue([to('hans@example.org')]);
  const { database: db } = opened.services;
  const [recipient] = await leaseRecipients(db, 'one', 10, []);
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query('select 1 from queue_message where id = $1 for update', [id]);
    const result = { status: '2.0.0', reply: '250 ok', remote: null };
    const settled = settleAttempt(db, {
      worker: 'one',
      finished: [{ id: recipient?.id ?? 0, state: 'delivered', result }],
      deferred: [],
      messageIds: [id ?? 0],
      reports: [],
    });
    await eventually('a wait', async () => {
      const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return (await sql(database.url, waiting)).length > 0;
    });
    await holder.query('select 1 from queue_recipient where message_id = $1 for update nowait', [id]);
    await holder.query('commit');
    expect(await settled).toBe('gone');
  } finally {
    await holder.end();
  }
});
