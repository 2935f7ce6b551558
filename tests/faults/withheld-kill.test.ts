import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintCustomerScope } from '#lib/auth/customer-scope.ts';
import { basePorts } from '#lib/config/config.ts';
import { customerId } from '#lib/db/ids.ts';
import { openDatabase as openPrisma, type Database as Prisma } from '#lib/db/prisma.ts';
import { releaseWithheld } from '#lib/provisioning/withheld/release-withheld.ts';
import { setGroup } from '#lib/provisioning/addresses/set-group.ts';
import { setQuarantine } from '#lib/provisioning/withheld/set-quarantine.ts';
import { listWithheld } from '#lib/provisioning/withheld/withheld-letters.ts';
import { ensureCertificates } from '#lib/launcher/certificates.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sql } from '#tests/support/passwords.ts';
import { reservePortOffset } from '#tests/support/ports.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { testSecret } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

// kill -9 of one mail-server process after the other while letters to a moderated group and letters for a quarantine come in, and two people
// release at the same time whatever they see. Each letter must be in the mailbox that it leads to once, and none may be left behind.

const letters = 120;
const lanes = 6;
const kills = 6;

let database: TestDatabase;
let dns: DnsServer;
let prisma: Prisma;
let offset: number;
let directory: string;
let environment: NodeJS.ProcessEnv;
const processes = new Set<ChildProcess>();
/** those that serve */
const ready = new Set<ChildProcess>();
let ended = false;
const scope = mintCustomerScope({ customerId: customerId(1), role: 'owner', actor: 'user:1', remote: null });

function startProcess(): void {
  const child = fork('mail-server/main.ts', { silent: true, env: environment });
  processes.add(child);
  child.once('message', () => ready.add(child));
  child.once('exit', () => {
    processes.delete(child);
    ready.delete(child);
    if (!ended) startProcess();
  });
}

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({ 'example.org': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] } });
  prisma = openPrisma(database.url, 4);
  for (const name of ['max', 'erika']) await createAccount(database.url, `${name}@muster.at`);
  const set = await setGroup(prisma, scope, {
    localPart: 'verein',
    domain: 'muster.at',
    name: 'Verein',
    members: ['max@muster.at'],
    posting: 'members',
    replyTo: 'author',
    subjectPrefix: '',
    moderation: 'everybody',
    moderators: ['erika@muster.at'],
  });
  expect(set.ok).toBe(true);
  await setQuarantine(prisma, scope, { viruses: false, programs: true });
  directory = await mkdtemp(join(tmpdir(), 'postamt-withheld-'));
  const certificates = await ensureCertificates(directory, 'localhost');
  offset = await reservePortOffset();
  environment = {
    ...process.env,
    DATABASE_URL: database.url,
    POSTAMT_SECRET: testSecret,
    POSTAMT_ENV: 'test',
    POSTAMT_HOST: 'mail.muster.at',
    POSTAMT_TLS_CERT: certificates.cert,
    POSTAMT_TLS_KEY: certificates.key,
    POSTAMT_PORT_OFFSET: String(offset),
    POSTAMT_METRICS_PORT: '0',
    POSTAMT_MAIL_PROCESSES: '2',
    POSTAMT_DNS: dns.address,
    POSTAMT_LOG_LEVEL: 'silent',
  };
  startProcess();
  startProcess();
}, 600_000);
afterAll(async () => {
  ended = true;
  for (const child of [...processes]) {
    child.kill('SIGKILL');
    await once(child, 'exit').catch(() => undefined);
  }
  await prisma.$disconnect();
  await dns.close();
  await database.drop();
  await rm(directory, { recursive: true });
}, 600_000);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** As any mail host does: again, until it is told 250. */
async function deliver(number: number): Promise<void> {
  const to = number % 2 === 0 ? 'verein@muster.at' : 'max@muster.at';
  const head = `From: hans@example.org\r\nTo: ${to}\r\nSubject: Brief ${number}\r\nMessage-ID: <withheld-${number}@example.org>\r\nX-Fault-Number: ${number}\r\n`;
  const program = 'Content-Type: application/octet-stream; name="x.exe"\r\n\r\nMZ\r\n';
  for (;;) {
    const client = await SmtpClient.open(basePorts.smtp + offset, { greeting: 'EHLO example.org' }).catch(() => null);
    // who waits for a process that was killed in between has no answer to come
    const answer = await Promise.race([
      client?.send('hans@example.org', [to], head + (number % 2 === 0 ? '\r\nText\r\n' : program)).catch(() => null),
      pause(10_000),
    ]);
    client?.close();
    if (typeof answer === 'string' && answer.startsWith('250 ')) return;
    await pause(50);
  }
}

/** A second try finds the letters of the first. */
let attempts = 0;
const numbersIn = async (mailbox: string): Promise<number[]> => {
  const rows = await sql(
    database.url,
    `select substring(encode(m.header, 'escape') from 'X-Fault-Number: ([0-9]+)')::int as number from folder_message fm
      join message m using (account_id, message_id) join mailbox b on b.id = fm.account_id where b.local_part = $1`,
    [mailbox],
  );
  return rows.flatMap((row) => (row['number'] === null ? [] : [Number(row['number'])])).toSorted((one, other) => one - other);
};

/** One that serves; the other goes on, and takes over what it held. */
async function killOne(): Promise<void> {
  const victim = await eventually('a process that serves', async () => [...ready].sort(() => Math.random() - 0.5)[0]);
  ready.delete(victim);
  victim.kill('SIGKILL');
}

test('each letter that waited is released once, whatever was killed in between, and none is lost', async () => {
  const from = attempts++ * letters;
  let next = from;
  let sent = false;
  const moments = new Set(Array.from({ length: kills }, (_, kill) => from + Math.floor(((kill + Math.random()) * letters) / kills)));
  const killing: Promise<void>[] = [];
  const lane = async (): Promise<void> => {
    while (next < from + letters) {
      const number = next++;
      if (moments.has(number)) killing.push(pause(Math.random() * 30).then(killOne));
      await deliver(number);
    }
  };
  const waits = async (): Promise<boolean> =>
    (
      await sql(
        database.url,
        `select 1 from queue_recipient r join queue_message m on m.id = r.message_id where r.state = 'queued' and r.address like '%@muster.at'
          union all select 1 from withheld_letter limit 1`,
      )
    ).length > 0;
  const released: number[] = [];
  const releaser = async (): Promise<void> => {
    while (!sent || (await waits())) {
      for (const { id } of await listWithheld(prisma, scope)) if ((await releaseWithheld(prisma, scope, id)).ok) released.push(id);
      await pause(20);
    }
  };
  await Promise.all([
    Promise.all(Array.from({ length: lanes }, lane)).then(async () => {
      await Promise.all(killing);
      sent = true;
    }),
    releaser(),
    releaser(),
  ]);
  expect(new Set(released).size).toBe(released.length);
  const found = (await numbersIn('max')).filter((number) => number >= from);
  expect(found).toEqual(Array.from({ length: letters }, (_, number) => from + number));
}, 600_000);
