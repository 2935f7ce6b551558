import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { bellOf } from '#mail-server/queue/queue-bell.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import type { Running } from '#mail-server/services.ts';
import { WorkerLeases } from '#mail-server/queue/worker-leases.ts';
import { sealLeases } from '#mail-server/store/queue/queue-claims.ts';
import { settleAttempt } from '#mail-server/store/queue/queue-settlement.ts';
import { enqueue, leaseRecipients } from '#mail-server/store/queue/queue-store.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { queuedLetter } from '#tests/support/queued-letter.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';
import { startSmtpSink, type SmtpSink } from '#tests/support/smtp-sink.ts';

let database: TestDatabase;
let dns: DnsServer;
let sink: SmtpSink;
let processes: TestServices[];
let workers: Running[] = [];
let tarpit: Server;
/** times that each letter was handed over, by its subject */
const taken = new Map<string, number>();
/** of the other host, before each of its answers and before that to the end of the data, ms */
let slowness = { commands: 0, data: 0 };
/** happens before it answers MAIL */
let atMail: () => Promise<unknown> = async () => undefined;

const slowly = (done: (error?: Error | null) => void): void => void setTimeout(done, Math.random() * slowness.commands);

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({});
  sink = await startSmtpSink(
    {
      onConnect: (_session, done) => slowly(done),
      onMailFrom: (_address, _session, done) => void atMail().then(() => slowly(done), done),
      onRcptTo: (_address, _session, done) => slowly(done),
      onData(stream, session, done) {
        const pieces: Buffer[] = [];
        stream.on('data', (piece: Buffer) => pieces.push(piece));
        stream.on('end', () => {
          const subject = /^Subject: (.*)\r$/m.exec(Buffer.concat(pieces).toString())?.[1] ?? '';
          for (const { address } of session.envelope.rcptTo)
            taken.set(`${subject} ${address}`, (taken.get(`${subject} ${address}`) ?? 0) + 1);
          setTimeout(done, Math.random() * slowness.data);
        });
      },
    },
    '127.0.0.41',
  );
  tarpit = createServer((socket) => socket.on('error', () => undefined)).listen(sink.port, '127.0.0.42');
  await once(tarpit, 'listening');
  const settings = { dnsServers: [dns.address], smtpPortOut: sink.port, stsPort: sink.port, hostName: 'mail.muster.at' };
  processes = [await openTestServices(database.url, settings), await openTestServices(database.url, settings)];
});
afterAll(async () => {
  tarpit.close();
  for (const each of processes) await each.close();
  await sink.close();
  await dns.close();
  await database.drop();
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close(3000)));
  workers = [];
  taken.clear();
  slowness = { commands: 0, data: 0 };
  atMail = async () => undefined;
  await sql(database.url, 'delete from queue_message');
});

const first = () => processes[0] as TestServices;
const work = async (...chosen: TestServices[]) => {
  for (const { services } of chosen) workers.push(await startQueue(services));
};
function domain(name: string, address = '127.0.0.41'): void {
  dns.zone[name] = { MX: [[10, `mx.${name}`]] };
  dns.zone[`mx.${name}`] = { A: [address] };
}
const send = (subject: string, ...addresses: string[]) =>
  enqueue(first().services.database.write, queuedLetter(addresses, { content: Buffer.from(`Subject: ${subject}\r\n\r\ny\r\n`) }));
const emptied = () => eventually('an empty queue', async () => (await sql(database.url, 'select 1 from queue_message')).length === 0);
/** What half a minute without a database leaves behind: every lease has run out. */
const loseLeases = () =>
  sql(
    database.url,
    `update queue_recipient set leased_until = now() - interval '1 second', next_attempt_at = now() - interval '1 second' where state = 'queued'`,
  );

test('leases lost at any moment, again and again, send nothing twice', async () => {
  slowness = { commands: 60, data: 150 };
  for (const name of ['a.example', 'b.example', 'c.example']) domain(name);
  for (let number = 0; number < 30; number++) {
    const at = ['a.example', 'b.example', 'c.example'][number % 3] ?? '';
    await send(`brief ${number}`, `x@${at}`, `y@${at}`);
  }
  await work(...processes);
  // at no chosen moment: some 60 times while the letters go out
  const storm = setInterval(() => void loseLeases().catch(() => undefined), 70);
  await eventually('the storm', async () => taken.size > 30);
  clearInterval(storm);
  await emptied();
  expect([...taken.values()].filter((times) => times !== 1)).toEqual([]);
  expect(taken.size).toBe(60);
});

test('a worker whose database was away while it waited behind a slow letter leaves the others to who took over', async () => {
  slowness = { commands: 0, data: 1500 };
  domain('slow.example');
  for (let number = 0; number < 8; number++) await send(`brief ${number}`, 'x@slow.example');
  await work(first());
  await eventually('the first letter', async () => taken.size > 0);
  await loseLeases();
  await work(processes[1] as TestServices);
  await emptied();
  expect([...taken.values()]).toEqual(Array.from({ length: 8 }, () => 1));
});

test('a restart waits for the answer to a letter that the other host has already', async () => {
  slowness = { commands: 0, data: 1000 };
  domain('late.example');
  await send('brief', 'x@late.example');
  await work(first());
  await eventually('the end of the data', async () => taken.size > 0);
  await workers.pop()?.close(0);
  await work(first());
  await emptied();
  expect([...taken.values()]).toEqual([1]);
});

test('after a crash behind the last dot the letter is not sent again before its answer would have come', async () => {
  domain('crash.example');
  await send('brief', 'x@crash.example');
  const { database: db } = first().services;
  const held = await leaseRecipients(db, 'dead', 10, []);
  expect(
    await sealLeases(
      db,
      'dead',
      held.map(({ id }) => id),
    ),
  ).toBe(true);
  await loseLeases();
  await work(...processes);
  await send('marker', 'x@crash.example');
  await eventually('the marker', async () => taken.size > 0);
  expect([...taken.keys()]).toEqual(['marker x@crash.example']);
  await sql(database.url, `update queue_recipient set dot_sent_at = now() - interval '1 hour'`);
  await emptied();
  expect(taken.size).toBe(2);
});

test('what two connections of one worker claim at once, since its lease ran out between, is sent by the first of them only', async () => {
  domain('twice.example');
  await send('brief', 'x@twice.example');
  const { database: db, log } = first().services;
  const leases = new WorkerLeases({ database: db, log }, 'one');
  const claimOf = () => leases.forTask().claim((held) => leaseRecipients(db, 'one', 10, 'twice.example', held));
  // claimed, but nobody knows it yet
  const slow = leases.forTask().claim(async (held) => {
    const taken = await leaseRecipients(db, 'one', 10, 'twice.example', held);
    await loseLeases();
    expect(await claimOf()).toHaveLength(1);
    return taken;
  });
  expect(await slow).toEqual([]);
  // and what it is at is not claimed by another one, nor when its lease was lost
  await loseLeases();
  expect(await claimOf()).toEqual([]);
});

test('a process that was stopped for long between the seal and the dot does not send the dot: another one may have sent it', async () => {
  domain('stopped.example');
  for (const subject of ['one', 'two']) await send(subject, 'x@stopped.example');
  const { database: db, log } = first().services;
  const leases = new WorkerLeases({ database: db, log }, 'one');
  const claimOne = () => leases.forTask().claim((held) => leaseRecipients(db, 'one', 1, 'stopped.example', held));
  expect(await leases.seal(await claimOne())).toBe(true);
  const late = await claimOne();
  const now = performance.now.bind(performance);
  const clock = vi.spyOn(performance, 'now').mockReturnValueOnce(now() - 17 * 60_000);
  try {
    expect(await leases.seal(late)).toBe(false);
  } finally {
    clock.mockRestore();
  }
});

test('what was put off by a clock that was set back a day since goes at once; what its sender or an operator holds waits', async () => {
  domain('clock.example');
  for (const subject of ['put off', 'leased', 'sent later', 'held']) await send(subject, 'x@clock.example');
  await sql(
    database.url,
    `update queue_recipient r set next_attempt_at = case m.n when 4 then until_released() else now() + interval '1 day' end,
        leased_by = case when m.n = 2 then 'dead' end, leased_until = case when m.n = 2 then now() + interval '1 day' end
      from (select id, row_number() over (order by id) n from queue_message) m where m.id = r.message_id`,
  );
  await sql(database.url, `update queue_message set release_at = now() + interval '1 day' where content like 'Subject: sent later%'`);
  await work(first());
  await eventually('both', async () => taken.size === 2);
  await send('marker', 'x@clock.example');
  await eventually('the marker', async () => taken.size > 2);
  expect([...taken.keys()].toSorted()).toEqual(['leased', 'marker', 'put off'].map((subject) => `${subject} x@clock.example`));
});

test('one recipient whose lease was lost stops the dot for all of its transaction, and holds back nobody', async () => {
  domain('part.example');
  await send('brief', 'x@part.example', 'y@part.example');
  const { database: db } = first().services;
  const held = await leaseRecipients(db, 'one', 10, []);
  await sql(database.url, `update queue_recipient set leased_by = 'two' where id = $1`, [held[0]?.id]);
  expect(
    await sealLeases(
      db,
      'one',
      held.map(({ id }) => id),
    ),
  ).toBe(false);
  await loseLeases();
  await work(first());
  await emptied();
  expect([...taken.values()]).toEqual([1, 1]);
});

test('what was to go with a recipient whose lease was lost goes at once without him', async () => {
  domain('rest.example');
  await send('brief', 'x@rest.example', 'y@rest.example');
  atMail = () =>
    sql(
      database.url,
      `update queue_recipient set leased_by = 'two', leased_until = now() + interval '1 hour', next_attempt_at = now() + interval '1 hour'
        where address like 'x@%'`,
    );
  await work(first());
  await eventually('the other one', async () => taken.size > 0);
  expect([...taken]).toEqual([['brief y@rest.example', 1]]);
});

test('of letters that end at the same moment one whose lease was lost, and one that somebody holds, keep no other from its end', async () => {
  domain('many.example');
  const { database: db } = first().services;
  for (let number = 0; number < 5; number++) await send(`brief ${number}`, 'x@many.example', 'y@many.example');
  const leased = await leaseRecipients(db, 'one', 10, 'many.example');
  const letters = [...Map.groupBy(leased, ({ messageId }) => messageId)].map(([messageId, recipients]) => ({
    messageId,
    ids: recipients.map(({ id }) => id),
  }));
  const [lost, held, ...others] = letters;
  const result = { status: '2.0.0', reply: '250 ok', remote: null };
  const end = ({ messageId, ids }: (typeof letters)[number]) => {
    const finished = ids.map((id) => ({ id, state: 'delivered' as const, result }));
    return settleAttempt(db, { worker: 'one', finished, deferred: [], messageIds: [messageId], reports: [] });
  };
  await sql(database.url, `update queue_recipient set leased_by = 'two' where id = $1`, [lost?.ids[1]]);
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  try {
    const seal = ({ ids }: (typeof letters)[number]) => sealLeases(db, 'one', ids);
    const steps: [(letter: (typeof letters)[number]) => Promise<unknown>, unknown][] = [
      [seal, true],
      [end, 'gone'],
    ];
    for (const [step, yes] of steps) {
      await holder.query('begin');
      await holder.query('select 1 from queue_recipient where id = $1 for update', [held?.ids[0]]);
      const [ofLost, ofHeld, ...ofOthers] = letters.map(step);
      expect(await Promise.all(ofOthers)).toEqual(others.map(() => yes));
      expect(await ofLost).toBe(false);
      await holder.query('commit');
      expect(await ofHeld).toBe(yes);
    }
  } finally {
    await holder.end();
  }
  const left = await sql(database.url, 'select message_id::int as id, leased_by from queue_recipient order by leased_by');
  expect(left).toEqual(['one', 'two'].map((leased_by) => ({ id: lost?.messageId, leased_by })));
});

test('twenty hosts that accept and never greet, with ten letters each, do not delay a healthy one', async () => {
  domain('gut.example');
  const slow = Array.from({ length: 20 }, (_, index) => `zaeh${index}.example`);
  for (const name of slow) domain(name, '127.0.0.42');
  for (let round = 0; round < 10; round++) for (const name of slow) await send('waits', `a@${name}`);
  await work(first());
  await eventually('all of them to be waited for', async () => {
    const rows = await sql(database.url, 'select count(distinct domain)::int from queue_recipient where leased_until > now()');
    return Number(rows[0]?.['count']) === 20;
  });
  // waiting holds nothing: one letter a domain is claimed, the others lie in the queue
  expect(await sql(database.url, 'select count(*)::int from queue_recipient where leased_until > now()')).toEqual([{ count: 20 }]);
  const at = performance.now();
  await send('healthy', 'b@gut.example');
  bellOf(first().services.database).ring();
  await eventually('the healthy letter', async () => taken.size > 0);
  expect(performance.now() - at).toBeLessThan(2000);
});

function silence(name: string): void {
  dns.zone[name] = 'silent';
}
const silences: Record<string, (name: string) => void> = {
  'that say nothing about their mail hosts': (name) => silence(name),
  'whose mail host has an address that nobody tells': (name) => silence(`mx.${name}`),
  'that say nothing about what they demand of TLS': (name) => silence(`_mta-sts.${name}`),
  'whose policy host accepts and never answers': (name) => {
    dns.zone[`_mta-sts.${name}`] = { TXT: ['v=STSv1; id=1;'] };
    dns.zone[`mta-sts.${name}`] = { A: ['127.0.0.42'] };
  },
};

test.each(Object.keys(silences))('twenty domains %s, with ten letters each, do not delay a healthy one', async (kind) => {
  domain('gut.example');
  const slow = Array.from({ length: 20 }, (_, index) => `still${index}.${Object.keys(silences).indexOf(kind)}.example`);
  for (const name of slow) {
    domain(name);
    silences[kind]?.(name);
  }
  for (let round = 0; round < 10; round++) for (const name of slow) await send('waits', `a@${name}`);
  await work(first());
  await eventually('all of them to be begun', async () => {
    const rows = await sql(
      database.url,
      `select count(distinct domain)::int from queue_recipient where leased_until > now() or attempts > 0`,
    );
    return Number(rows[0]?.['count']) >= 15 || taken.size > 0;
  });
  const at = performance.now();
  await send('healthy', 'b@gut.example');
  bellOf(first().services.database).ring();
  await eventually('the healthy letter', async () => [...taken.keys()].some((key) => key.startsWith('healthy ')));
  expect(performance.now() - at).toBeLessThan(2000);
});
