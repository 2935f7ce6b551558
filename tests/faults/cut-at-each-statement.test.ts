import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintCustomerScope } from '#lib/auth/customer-scope.ts';
import { type AccountId, customerId } from '#lib/db/ids.ts';
import { openDatabase as openPrisma, type Database as Prisma } from '#lib/db/prisma.ts';
import { setForward } from '#lib/provisioning/addresses/set-forward.ts';
import { setGroup } from '#lib/provisioning/addresses/set-group.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import type { Running } from '#mail-server/services.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import type { Query } from '#mail-server/store/postgres/statement.ts';
import { activateScript, putScript } from '#mail-server/store/sieve-scripts.ts';
import { StoreError } from '#mail-server/store/store-error.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';
import { startSmtpSink, type SmtpSink } from '#tests/support/smtp-sink.ts';

// The database is cut at one statement after the other of a letter's way, from the door through group, forward and rules to mailboxes and other
// hosts: once before it does what it was asked for, and once behind it, so that only the answer is lost. Whatever the moment, each letter is where
// it leads to, once, as the rules of its mailbox say, and is not put off as if its recipient had been to blame.

/** All of them take minutes, so each run takes one of so many, and another one than the last. */
const every = Number(process.env['POSTAMT_CUT_EVERY'] ?? 6);

let database: TestDatabase;
let dns: DnsServer;
let sink: SmtpSink;
let opened: TestServices;
let smtp: RunningSmtp;
let queue: Running;
let prisma: Prisma;

const cut = { at: Number.POSITIVE_INFINITY, behind: false, count: 0, name: '' };

/** What `work` does, or nothing, or all of it without an answer. */
function maybeCut<T>(name: string, work: () => Promise<T>): Promise<T> {
  cut.count++;
  if (cut.count !== cut.at) return work();
  cut.name = name;
  const lost = (): never => {
    throw new StoreError('Unavailable');
  };
  return cut.behind ? work().then(lost) : Promise.resolve().then(lost);
}

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({
    'example.org': { MX: [[10, 'mx.example.org']], TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
    'mx.example.org': { A: ['127.0.0.1'] },
  });
  sink = await startSmtpSink();
  opened = await openTestServices(database.url, { dnsServers: [dns.address], smtpPortOut: sink.port, hostName: 'mail.muster.at' });
  prisma = openPrisma(database.url, 2);
  const accounts = new Map<string, AccountId>();
  for (const name of ['max', 'erika', 'hanna']) accounts.set(name, await createAccount(database.url, `${name}@muster.at`));
  const scope = mintCustomerScope({ customerId: customerId(1), role: 'owner', actor: 'user:1', remote: null });
  const address = { domain: 'muster.at', mustBeNew: true };
  const results = [
    await setForward(prisma, scope, { ...address, localPart: 'office', targets: ['max@muster.at', 'boss@example.org'] }),
    await setGroup(prisma, scope, {
      ...address,
      localPart: 'team',
      name: 'Team',
      members: ['max@muster.at', 'erika@muster.at', 'office@muster.at', 'partner@example.org'],
      posting: 'anyone',
      replyTo: 'author',
      subjectPrefix: '[Team]',
    }),
  ];
  expect(results.map(({ ok }) => ok)).toEqual([true, true]);
  const hanna = accounts.get('hanna') as AccountId;
  const script = 'require ["fileinto", "duplicate"]; if not duplicate { fileinto "Archive"; redirect "copy@example.org"; }';
  expect(await putScript(opened.services.database, hanna, { scripts: 5, bytes: 10_000 }, { name: 'main', content: script })).toBe('stored');
  await activateScript(opened.services.database, hanna, 'main');
  const { database: real } = opened.services;
  const { read, write, bulk, note, transaction } = real;
  const wrapped =
    (query: Query): Query =>
    (statement, ...more) =>
      maybeCut(statement.name, () => query(statement, ...more));
  Object.assign(real, {
    read: wrapped(read),
    write: wrapped(write),
    bulk: wrapped(bulk),
    note: wrapped(note),
    transaction: <T>(body: (query: Query) => Promise<T>) => maybeCut('transaction', () => transaction((query) => body(wrapped(query)))),
  });
  smtp = await startMx(opened.services);
  queue = await startQueue(opened.services);
}, 600_000);
afterAll(async () => {
  await queue.close(1000);
  await smtp.close(1000);
  await prisma.$disconnect();
  await opened.close();
  await sink.close();
  await dns.close();
  await database.drop();
}, 600_000);

const recipients = ['office', 'team', 'hanna'];

/** As any mail host does: again, until it is told 250. */
async function deliver(number: number, to: string): Promise<void> {
  const raw = `From: s@example.org\r\nTo: ${to}\r\nSubject: Brief ${number}\r\nMessage-ID: <cut-${number}@example.org>\r\nX-Fault-Number: ${number}\r\n\r\nBrief ${number}\r\n`;
  await eventually('a 250', async () => {
    const client = await SmtpClient.open(smtp.port, { greeting: 'EHLO example.org' });
    const answer = await client.send('s@example.org', [`${to}@muster.at`], raw).finally(() => client.close());
    expect(answer).toMatch(/^(250|4\d\d) /);
    return answer?.startsWith('250 ');
  });
}

const waiting = () =>
  sql(
    database.url,
    `select address, last_reply, (leased_until is null and next_attempt_at > now() + interval '1 minute') as late from queue_recipient where state = 'queued'`,
  );

/** Until nothing waits; what waits for its time is hurried on. */
async function settled(what: string): Promise<void> {
  for (let round = 0; ; round++) {
    await pause(30);
    const rows = await waiting();
    expect(
      rows.filter(({ late }) => late),
      what,
    ).toEqual([]);
    if (rows.length === 0) return;
    if (round > 400) throw new Error(`${what}: still waiting: ${JSON.stringify(rows)}`);
    await sql(database.url, `update queue_recipient set next_attempt_at = now() where state = 'queued' and leased_until is null`);
    if (round % 60 === 59)
      await sql(
        database.url,
        `update queue_recipient set leased_until = now(), next_attempt_at = now() where state = 'queued' and dot_sent_at is null`,
      );
  }
}

const numberOf = (content: string): string => /^X-Fault-Number: (\d+)/m.exec(content)?.[1] ?? '';

async function stored(number: number): Promise<string[]> {
  const rows = await sql(
    database.url,
    `select b.local_part, f.name, encode(m.header, 'escape') as content from folder_message fm join folder f using (account_id, folder_id)
      join message m using (account_id, message_id) join mailbox b on b.id = fm.account_id`,
  );
  return rows.filter((row) => numberOf(String(row['content'])) === String(number)).map((row) => `${row['local_part']} ${row['name']}`);
}

const wanted: Record<string, { inside: string[]; outside: string[] }> = {
  office: { inside: ['max INBOX'], outside: ['boss@example.org'] },
  team: { inside: ['erika INBOX', 'max INBOX'], outside: ['boss@example.org', 'partner@example.org'] },
  hanna: { inside: ['hanna Archive'], outside: ['copy@example.org'] },
};

let number = 0;
test.each(recipients.flatMap((to) => [false, true].map((behind) => ({ to, behind }))))(
  'a letter to $to comes whole, once and soon, whichever statement is cut (behind it: $behind)',
  async ({ to, behind }) => {
    for (let at = 1 + Math.floor(Math.random() * every); ; at += every) {
      number++;
      Object.assign(cut, { at, behind, count: 0, name: '' });
      await deliver(number, to);
      const what = () => `letter ${number} to ${to}, cut ${behind ? 'behind' : 'at'} statement ${at}, ${cut.name}`;
      await settled(what());
      // what is counted by others is none of its
      const fired = cut.name !== '';
      cut.at = Number.POSITIVE_INFINITY;
      expect((await stored(number)).toSorted(), what()).toEqual(wanted[to]?.inside);
      const out = sink.messages.filter(({ content }) => numberOf(String(content)) === String(number));
      expect(out.flatMap((each) => each.recipients.map(({ address }) => address)).toSorted(), what()).toEqual(wanted[to]?.outside);
      expect(new Set(out.map(({ content }) => createHash('sha256').update(content).digest('hex'))).size).toBeLessThanOrEqual(2);
      if (!fired) return;
    }
  },
  600_000,
);
