import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '#tests/support/eventually.ts';
import { startInstallation, type Installation } from '#tests/support/installation.ts';

// kill -9 of web, mail server and Postgres at random moments while 1,000 letters come in, one after the other, through port 25. The sender
// does what any mail host does: it sends again until it is told 250. A reader follows UIDNEXT all the while, as a phone does.

const letters = 1000;
const kills = 12;
let attempts = 0;
let installation: Installation;
beforeAll(async () => {
  installation = await startInstallation({ environment: { POSTAMT_DEMO: '1', POSTAMT_MAIL_PROCESSES: '2', POSTAMT_LOG_LEVEL: 'warn' } });
}, 600_000);
afterAll(() => installation?.stop(), 240_000);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Repeats until it succeeds: what fails here is a connection to a process that was just killed. Bounded by the test's own timeout. */
async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch {
      await pause(100);
    }
  }
}

async function deliver(number: number, to: string): Promise<void> {
  const raw = `From: absender@extern.example\r\nTo: ${to}\r\nSubject: Brief ${number}\r\nMessage-ID: <fault-${number}@extern.example>\r\nX-Fault-Number: ${number}\r\n\r\nBrief ${number}\r\n`;
  await untilDone(async () => {
    const transport = createTransport({
      host: '127.0.0.1',
      port: installation.running.ports.smtp,
      ignoreTLS: true,
      connectionTimeout: 2000,
      greetingTimeout: 5000,
      socketTimeout: 15_000,
    });
    await transport.sendMail({ envelope: { from: 'absender@extern.example', to }, raw });
  });
}

async function connect(address: string, password: string): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: 'localhost',
    port: installation.running.ports.imaps,
    secure: true,
    auth: { user: address, pass: password },
    tls: { ca: await readFile(installation.running.ca) },
    logger: false,
    connectionTimeout: 3000,
    socketTimeout: 20_000,
  });
  client.on('error', () => undefined); // the process it talks to may be killed at any time; the next round connects again
  await client.connect();
  return client;
}

const numberOf = (headers: Buffer | undefined) => Number(/X-Fault-Number: (\d+)/i.exec(headers?.toString('latin1') ?? '')?.[1] ?? -1);

/** Letters found from a UID on, in UID order. */
async function lettersFrom(client: ImapFlow, uid: number): Promise<{ uid: number; number: number }[]> {
  const found: { uid: number; number: number }[] = [];
  for await (const message of client.fetch(`${uid}:*`, { uid: true, headers: ['x-fault-number'] }, { uid: true }))
    if (message.uid >= uid) found.push({ uid: message.uid, number: numberOf(message.headers) });
  return found;
}

/** Follows the inbox by UIDNEXT: looks only at UIDs that it has not passed yet, so a UID that appears late is lost to it. */
function follow(address: string, password: string) {
  const seen: number[] = [];
  let next = 1;
  let ended = false;
  const round = async () => {
    const client = await connect(address, password);
    try {
      while (!ended) {
        const lock = await client.getMailboxLock('INBOX');
        try {
          const news = await lettersFrom(client, next);
          for (const { uid, number } of news) {
            if (number >= 0) seen.push(number);
            next = Math.max(next, uid + 1);
          }
        } finally {
          lock.release();
        }
        await client.noop();
        await pause(20);
      }
    } finally {
      client.close();
    }
  };
  const running = untilDone(round);
  return {
    seen,
    async end() {
      ended = true;
      await running;
    },
  };
}

function victims(running: Installation['running']): Record<string, number[]> {
  return { web: running.pids.web, mail: running.pids.mail, postgres: running.pids.postgres === null ? [] : [running.pids.postgres] };
}

async function killOne(kind: string): Promise<void> {
  // running.json is there only while the service is ready; the pids change with every restart
  const running = await untilDone(
    async () => JSON.parse(await readFile(join(installation.dataDirectory, 'running.json'), 'utf8')) as Installation['running'],
  );
  const pids = victims(running)[kind] ?? [];
  const pid = pids[Math.floor(Math.random() * pids.length)];
  if (pid) process.kill(pid, 'SIGKILL');
}

test('SIGHUP where there is no terminal has the mail servers read their certificate anew, and ends nothing', async () => {
  installation.launcher.kill('SIGHUP');
  await eventually('word of it', async () => installation.output().includes('SIGHUP: 2 mail-server processes read the certificate anew'));
  const client = await untilDone(() => connect(installation.running.demo[0]?.address ?? '', installation.running.demo[0]?.password ?? ''));
  await client.logout();
  expect([installation.launcher.exitCode, installation.output()]).toEqual([null, expect.not.stringContaining('started again')]);
});

test('every acknowledged letter is there exactly once, and a reader that follows UIDNEXT misses none', async () => {
  const max = installation.running.demo[0];
  if (!max) throw new Error('the demo mailbox is missing');
  // a second try finds the letters of the first
  const from = attempts++ * letters;
  const wanted = Array.from({ length: letters }, (_, index) => from + index);
  const ofThisTry = (numbers: readonly number[]) => numbers.filter((number) => number >= from).toSorted((a, b) => a - b);
  const reader = follow(max.address, max.password);
  const moments = new Map<number, string>();
  for (let kill = 0; kill < kills; kill++)
    moments.set(from + Math.floor(((kill + Math.random()) * letters) / kills), ['mail', 'postgres', 'web'][kill % 3] ?? 'mail');
  const killing: Promise<void>[] = [];
  for (const number of wanted) {
    const victim = moments.get(number);
    if (victim) killing.push(pause(Math.random() * 8).then(() => killOne(victim))); // in the middle of this letter, not between two
    await deliver(number, max.address);
  }
  // one that had to wait for a service that was slow to come back may fall behind the last letter
  await Promise.all(killing);
  const stored = await untilDone(async () => {
    const client = await connect(max.address, max.password);
    try {
      await client.mailboxOpen('INBOX');
      return await lettersFrom(client, 1);
    } finally {
      client.close();
    }
  });
  expect(ofThisTry(stored.map(({ number }) => number))).toEqual(wanted);
  await expect.poll(() => new Set(ofThisTry(reader.seen)).size, { timeout: 30_000 }).toBe(letters);
  await reader.end();
  expect(ofThisTry(reader.seen)).toEqual(wanted);
}, 900_000);
