import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { unknownProvenance } from '#lib/mime/judgement.ts';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { customerId, type AccountId } from '#lib/db/ids.ts';
import { bellOf } from '#mail-server/queue/queue-bell.ts';
import { usualTimeouts } from '#mail-server/queue/outgoing-timeouts.ts';
import { connectTo } from '#mail-server/queue/outgoing-connection.ts';
import { resolveDestination } from '#mail-server/queue/resolve-destination.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import { enqueue, type NewQueueMessage } from '#mail-server/store/queue/queue-store.ts';
import type { Running } from '#mail-server/services.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { eventually } from '#tests/support/eventually.ts';
import { storedMessages } from '#tests/support/inbox.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { queuedLetter } from '#tests/support/queued-letter.ts';
import { randomOf } from '#tests/support/random.ts';
import { startScriptedHost, type ScriptedHost } from '#tests/support/scripted-host.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';

let database: TestDatabase;
let dns: DnsServer;
let opened: TestServices;
let max: AccountId;
let worker: Running | null = null;
let hosts: ScriptedHost[] = [];
// all on one port, which is known before the services are opened
let port = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({});
  const free = createServer().listen(0, '127.0.0.21');
  await once(free, 'listening');
  const address = free.address();
  port = typeof address === 'object' && address ? address.port : 0;
  free.close();
  opened = await openTestServices(database.url, { dnsServers: [dns.address], smtpPortOut: port, hostName: 'mail.muster.at' });
  max = await createAccount(database.url, 'max@muster.at');
});
afterAll(async () => {
  await opened.close();
  await dns.close();
  await database.drop();
});
afterEach(async () => {
  await worker?.close(2000);
  worker = null;
  for (const host of hosts) await host.close();
  hosts = [];
  await sql(database.url, 'delete from queue_message');
  await sql(database.url, 'delete from trace_event');
});

/** The MX number `number` of example.org. */
async function startHost(number: 1 | 2 | 3, ...[script, options]: Parameters<typeof startScriptedHost>): Promise<ScriptedHost> {
  const host = await startScriptedHost(script, { ...options, host: `127.0.0.2${number}`, port });
  hosts.push(host);
  return host;
}
function direct(...numbers: number[]): void {
  dns.zone = { 'example.org': { MX: numbers.map((number) => [number * 10, `mx${number}.example.org`]) } };
  for (const number of numbers) dns.zone[`mx${number}.example.org`] = { A: [`127.0.0.2${number}`] };
}
async function send(recipients: readonly string[], more: Partial<NewQueueMessage> = {}): Promise<void> {
  await enqueue(
    opened.services.database.write,
    queuedLetter(recipients, {
      customerId: customerId(1),
      accountId: max,
      sender: 'max@muster.at',
      provenance: { ...unknownProvenance, origin: 'submitted', submittedBy: max },
      ...more,
    }),
  );
}
const work = async () => {
  worker = await startQueue(opened.services);
};
const emptied = () => eventually('an empty queue', async () => (await sql(database.url, 'select 1 from queue_message')).length === 0);
const tried = () =>
  eventually('an attempt', async () => {
    const rows = await sql(database.url, 'select address, state, attempts, last_status, last_reply from queue_recipient order by address');
    return rows.length > 0 && rows.every((row) => Number(row['attempts']) > 0) ? rows : null;
  });

test('a host whose STARTTLS does not work gets the message in clear, with all that it offers there', async () => {
  direct(1);
  const host = await startHost(1, (command) => (command === 'STARTTLS' ? '454 no certificate today' : undefined), {
    extensions: ['STARTTLS', '8BITMIME'],
  });
  await send(['hans@example.org'], { content: Buffer.from('Subject: x\r\n\r\nGrüße\r\n') });
  await work();
  await emptied();
  expect(host.taken).toHaveLength(1);
  expect(host.sessions.at(-1)?.commands).toContain('MAIL FROM:<max@muster.at> BODY=8BITMIME');
});

test('a host that says "not now" to STARTTLS is asked again with the next letter', async () => {
  direct(1);
  const host = await startHost(1, (command) => (command === 'STARTTLS' ? '454 4.7.0 TLS not available now' : undefined), {
    extensions: ['STARTTLS', 'LIMITS MAILMAX=1'],
  });
  await work();
  for (const recipient of ['hans@example.org', 'eva@example.org']) {
    await send([recipient]);
    await emptied();
  }
  expect(host.sessions.filter(({ commands }) => commands.includes('STARTTLS'))).toHaveLength(2);
  expect(host.taken).toHaveLength(2);
});

test.each(['454 4.7.0 not now', 'hang up'])(
  'a letter does not come back from a host that takes nothing without TLS, and whose TLS does not work just now: %s',
  async (said) => {
    direct(1);
    const host = await startHost(
      1,
      (command) =>
        command === 'STARTTLS' ? said : command.startsWith('MAIL') ? '530 5.7.0 Must issue a STARTTLS command first' : undefined,
      { extensions: ['STARTTLS'] },
    );
    await send(['hans@example.org']);
    await work();
    expect(await tried()).toMatchObject([
      { state: 'queued', last_status: '4.7.0', last_reply: '530 5.7.0 Must issue a STARTTLS command first' },
    ]);
    await sql(database.url, 'update queue_recipient set next_attempt_at = now()');
    bellOf(opened.services.database).ring();
    await eventually('STARTTLS once more', async () => host.sessions.filter(({ commands }) => commands.includes('STARTTLS')).length > 1);
  },
);

test('a header in UTF-8 is announced with SMTPUTF8 though the addresses are plain', async () => {
  direct(1);
  const host = await startHost(1, () => undefined);
  await send(['hans@example.org'], { content: Buffer.from('Subject: Grüße\r\n\r\ny\r\n'), smtputf8: true });
  await work();
  await emptied();
  expect(host.sessions[0]?.commands).toContain('MAIL FROM:<max@muster.at> BODY=8BITMIME SMTPUTF8');
});

test('what the best MX puts off, the next one takes', async () => {
  direct(1, 2);
  const first = await startHost(1, (command) => (command.startsWith('RCPT TO:<later') ? '451 4.7.1 Greylisted' : undefined));
  const second = await startHost(2, () => undefined);
  await send(['at-once@example.org', 'later@example.org']);
  await work();
  await emptied();
  expect(first.taken).toHaveLength(1);
  expect(second.sessions[0]?.commands.filter((command) => command.startsWith('RCPT'))).toEqual(['RCPT TO:<later@example.org>']);
});

test('what the best MX puts off behind the last dot, the next one takes at once', async () => {
  direct(1, 2);
  const first = await startHost(1, (command) => (command === '.' ? '451 4.3.0 Disk trouble' : undefined));
  const second = await startHost(2, () => undefined);
  await send(['hans@example.org']);
  await work();
  await emptied();
  expect([first.taken.length, second.taken.length]).toEqual([0, 1]);
});

test('what a host puts off at one of its addresses goes to another MX, else to its other address', async () => {
  direct(1);
  dns.zone['mx1.example.org'] = { A: ['127.0.0.21', '127.0.0.22'] };
  // whichever is asked first: which of a host's addresses that is, is chance
  let refusing: number | null = null;
  const refuses = (number: number) => (command: string) => {
    if (!command.startsWith('RCPT')) return undefined;
    refusing ??= number;
    return refusing === number ? '451 4.3.0 Not here' : undefined;
  };
  const both = [await startHost(1, refuses(1)), await startHost(2, refuses(2))];
  const counts = () => [both.flatMap(({ sessions }) => sessions).length, both.flatMap(({ taken }) => taken).length];
  await send(['hans@example.org']);
  await work();
  await emptied();
  expect(counts()).toEqual([2, 1]);

  refusing = null;
  dns.zone['example.org'] = {
    MX: [
      [10, 'mx1.example.org'],
      [20, 'mx3.example.org'],
    ],
  };
  dns.zone['mx3.example.org'] = { A: ['127.0.0.23'] };
  const third = await startHost(3, () => undefined);
  await send(['hans@example.org']);
  await emptied();
  expect([...counts(), third.taken.length]).toEqual([3, 1, 1]);
});

test('what every MX puts off is tried again later, with the words of the host', async () => {
  direct(1, 2);
  await startHost(1, (command) => (command.startsWith('RCPT') ? '451 4.7.1 First' : undefined));
  await startHost(2, (command) => (command.startsWith('RCPT') ? '450 4.2.0 Second' : undefined));
  await send(['hans@example.org']);
  await work();
  expect(await tried()).toMatchObject([{ state: 'queued', attempts: 1, last_reply: '450 4.2.0 Second' }]);
});

test('a connection lost behind the message is not followed by another host, which would deliver it twice', async () => {
  direct(1, 2);
  const first = await startHost(1, (command) => (command === '.' ? 'hang up' : undefined));
  const second = await startHost(2, () => undefined);
  await send(['hans@example.org']);
  await work();
  expect(await tried()).toMatchObject([{ state: 'queued', attempts: 1 }]);
  expect(first.sessions).toHaveLength(1);
  expect(second.sessions).toHaveLength(0);
});

test('when a message is refused, who was put off before is not among the failed', async () => {
  direct(1);
  await startHost(1, (command) => {
    if (command.startsWith('RCPT TO:<later')) return '451 4.2.1 Not now';
    return command === '.' ? '554 5.7.1 Not this message' : undefined;
  });
  await send(['a@example.org', 'later@example.org']);
  await work();
  expect(await tried()).toMatchObject([
    { address: 'a@example.org', state: 'failed', last_reply: '554 5.7.1 Not this message' },
    { address: 'later@example.org', state: 'queued', last_reply: '451 4.2.1 Not now' },
  ]);
});

test('a host that refuses everybody does not speak for one that is only away', async () => {
  direct(1, 2);
  await startHost(2, (command) => (/^(EHLO|HELO)/.test(command) ? '550 No service here' : undefined));
  await send(['hans@example.org']);
  await work();
  expect(await tried()).toMatchObject([{ state: 'queued', attempts: 1 }]);
});

test.each(['554 5.7.1 Your address is listed', '521 No mail here'])(
  'a greeting that says %s is about us, so the letter waits',
  async (greeting) => {
    direct(1);
    await startHost(1, () => undefined, { greeting });
    await send(['hans@example.org']);
    await work();
    expect(await tried()).toMatchObject([{ state: 'queued', last_status: expect.stringMatching(/^4/), last_reply: greeting }]);
  },
);

test('all addresses of a host are tried, in whatever order the DNS has them', async () => {
  direct(1);
  dns.zone['mx1.example.org'] = { A: ['127.0.0.24', '127.0.0.25', '127.0.0.26', '127.0.0.21'] };
  const host = await startHost(1, () => undefined);
  await send(['hans@example.org']);
  await work();
  await emptied();
  expect(host.taken).toHaveLength(1);
});

test('what a host says unasked is no answer, neither to the end of a message nor to the next one', async () => {
  direct(1);
  const early = await startHost(1, (command) => ({ DATA: '354 go on\r\n250 early', '.': '554 no' })[command]);
  await send(['hans@example.org']);
  await work();
  const [row] = (await tried()) ?? [];
  expect(row).toMatchObject({ state: 'queued', last_status: '4.5.0' });
  expect(early.taken).toEqual([]);
  await worker?.close(2000);
  worker = null;
  await early.close();
  hosts = [];
  await sql(database.url, 'delete from queue_message');
  // as in LMTP: an answer for each recipient
  const tooMany = await startHost(1, (command) => (command === '.' ? '250 one\r\n550 other' : undefined));
  for (let letter = 0; letter < 3; letter++) await send([`a${letter}@example.org`]);
  await work();
  await emptied();
  expect(tooMany.taken).toHaveLength(3);
  expect(
    await sql(database.url, `select 1 from trace_event where step in ('bounced', 'deferred') and recipient <> 'hans@example.org'`),
  ).toEqual([]);
});

test('a host that ends the session after each message gets the next one over a new connection', async () => {
  direct(1);
  const host = await startHost(1, (command, session) =>
    command.startsWith('MAIL') && session.commands.filter((each) => each.startsWith('MAIL')).length > 1 ? '421 4.7.0 Enough' : undefined,
  );
  for (let count = 0; count < 8; count++) await send([`a${count}@example.org`]);
  await work();
  await eventually('most of them', async () => host.taken.length >= 2);
  // whatever is said to one message, those that wait behind it are not put off with it
  const rows = await eventually('the end of the lane', async () => {
    const all = await sql(database.url, "select last_reply from queue_recipient where state = 'queued'");
    return all.every((row) => row['last_reply'] !== null) ? all : null;
  });
  expect(rows.every((row) => row['last_reply'] === '421 4.7.0 Enough')).toBe(true);
});

test('a host is given no more messages in a session, and no more recipients at once, than it says (RFC 9422)', async () => {
  direct(1);
  const host = await startHost(1, () => undefined, { extensions: ['PIPELINING', 'LIMITS MAILMAX=2 RCPTMAX=2'] });
  await send(['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@example.org`));
  for (let count = 0; count < 4; count++) await send([`f${count}@example.org`]);
  await work();
  await emptied();
  expect(host.taken).toHaveLength(7);
  for (const { commands } of host.sessions) {
    expect(commands.filter((each) => each.startsWith('MAIL')).length).toBeLessThanOrEqual(2);
    expect(commands.join('\n')).not.toMatch(/(?:\nRCPT.*){3}/);
  }
});

test('a host that takes one recipient at once has all that it knows at once, also behind those that it does not know', async () => {
  direct(1);
  const refuse = (command: string): string | undefined => (/^RCPT TO:<no/.test(command) ? '550 5.1.1 Unknown' : undefined);
  const host = await startHost(1, refuse, { extensions: ['PIPELINING', 'LIMITS RCPTMAX=1'] });
  await send(['no1', 'a', 'no2', 'no3', 'b'].map((name) => `${name}@example.org`));
  await work();
  await eventually('both', async () => host.taken.length === 2);
  await emptied();
});

test('a host that drips bytes for ever is given up, before MAIL and within a message', async () => {
  const [timeouts, later] = [{ sessionMs: 300 }, { transactionMs: 300 }];
  const drip = createServer((socket) => {
    socket.on('error', () => undefined).write('220-');
    const timer = setInterval(() => socket.write('x'), 20);
    socket.on('close', () => clearInterval(timer));
  }).listen(0, '127.0.0.1');
  await once(drip, 'listening');
  const address = drip.address();
  const smtpPortOut = typeof address === 'object' && address ? address.port : 0;
  const settings = { ...opened.services.settings, smtpPortOut };
  expect(await connectTo(settings, { name: 'drip.example.org', address: '127.0.0.1' }, timeouts)).toMatchObject({
    kind: 'deferred',
    result: { status: '4.4.2' },
  });
  drip.close();

  const host = await startHost(1, (command) => (command.startsWith('RCPT') ? '250-never' : undefined));
  const connection = await connectTo({ ...settings, smtpPortOut: host.port }, { name: 'mx1', address: '127.0.0.21' }, later);
  if ('kind' in connection) throw new Error('no session');
  const sent = await connection.send(
    { sender: '', recipients: ['a@example.org'], size: 10, eightBit: false, smtputf8: false, requireTls: false, dsn: null },
    Buffer.from('x\r\n'),
  );
  expect(sent).toMatchObject({ usable: false, outcomes: [{ kind: 'deferred', result: { status: '4.4.2' } }] });
});

test('what we say ourselves is not shown as the words of the other host', async () => {
  direct(1);
  await startHost(1, () => undefined, { extensions: ['PIPELINING'] });
  await send(['hans@example.org'], { content: Buffer.from('Subject: Grüße\r\n\r\nx\r\n'), smtputf8: true });
  await work();
  const report = await eventually('a report', async () =>
    (await storedMessages(opened.services.store, max)).map(String).find((each) => each.includes('SMTPUTF8')),
  );
  expect(report).toContain('Diagnostic-Code: X-Postamt; 553 5.6.7 mx1.example.org does not support SMTPUTF8');
  expect(report).not.toContain('Remote-MTA');
});

test.each([
  ['no blank behind the code', '250OK queued'],
  ['a tab behind the code', '250\tqueued'],
  ['a line without a code within the reply', '250-queued\r\nthank you\r\n250 bye'],
])('a letter that was taken with %s is not sent again', async (_, words) => {
  direct(1);
  const host = await startHost(1, (command) => (command === '.' ? words : undefined));
  await send(['hans@example.org']);
  await work();
  await emptied();
  expect(host.taken).toHaveLength(1);
});

test('of a reply whose lines have different codes the last one counts', async () => {
  direct(1);
  await startHost(1, (command) => {
    if (command.startsWith('RCPT TO:<hans')) return '250-wait\r\n550-5.1.1 Nobody\r\n550 here';
    return command.startsWith('RCPT') ? '550-5.1.1 Nobody?\r\n450 4.2.1 Ask again' : undefined;
  });
  await send(['hans@example.org', 'later@example.org']);
  await work();
  expect(await tried()).toMatchObject([
    { address: 'hans@example.org', state: 'failed', last_status: '5.1.1' },
    { address: 'later@example.org', state: 'queued', last_status: '4.2.1' },
  ]);
});

test.each([
  ['has no room for', ['SIZE 10'], {}],
  ['has no alphabet for', ['8BITMIME'], { content: Buffer.from('Subject: Grüße\r\n\r\ny\r\n'), smtputf8: true }],
])("a letter that the best MX %s is the next one's, and comes back where no MX can take it", async (_, extensions, more) => {
  direct(1, 2);
  const first = await startHost(1, () => undefined, { extensions });
  const second = await startHost(2, () => undefined);
  await send(['hans@example.org'], more);
  await work();
  await emptied();
  expect([first.taken.length, second.taken.length]).toEqual([0, 1]);

  // the session with the second one would take the next letter too
  await worker?.close(5000);
  direct(1);
  await send(['hans@example.org'], more);
  await work();
  await eventually('its return', async () => (await sql(database.url, "select 1 from trace_event where step = 'bounced'")).length === 1);
});

test('a host that does not answer a command is waited for a short time only where another one can be asked', async () => {
  const host = await startHost(1, (command) => (command.startsWith('MAIL') ? '250-never' : undefined));
  const settings = { ...opened.services.settings, smtpPortOut: host.port };
  const envelope = { sender: '', recipients: ['a@example.org'], size: 10, eightBit: false, smtputf8: false, requireTls: false, dsn: null };
  const tryWith = async (elsewhere: boolean) => {
    const timeouts = { commandMs: 60_000, commandElsewhereMs: 200, transactionMs: elsewhere ? 60_000 : 1000 };
    const connection = await connectTo(settings, { name: 'mx1', address: '127.0.0.21' }, timeouts);
    if ('kind' in connection) throw new Error('no session');
    const from = performance.now();
    const sent = await connection.send(envelope, Buffer.from('x\r\n'), undefined, elsewhere);
    return { sent, ms: performance.now() - from };
  };
  const short = await tryWith(true);
  expect(short.sent).toMatchObject({ mayGoElsewhere: true, outcomes: [{ kind: 'deferred', result: { status: '4.4.2' } }] });
  expect(short.ms).toBeLessThan(30_000);
  // its end here is that of the whole transaction
  expect((await tryWith(false)).ms).toBeGreaterThan(900);
});

test('behind a host that lets us in and never answers, letters do not wait for it one after the other', async () => {
  const patience = usualTimeouts.commandMs;
  usualTimeouts.commandMs = 500;
  try {
    direct(1);
    const host = await startHost(1, (command) => (command.startsWith('MAIL') ? '250-never' : undefined));
    for (let count = 0; count < 12; count++) await send([`hans${count}@example.org`]);
    await work();
    expect((await tried()).map((row) => row['last_status'])).toEqual(Array.from({ length: 12 }, () => '4.4.2'));
    expect(host.sessions.length).toBeLessThanOrEqual(4);
  } finally {
    usualTimeouts.commandMs = patience;
  }
});

const eightBit = { content: Buffer.from('Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGrüße\r\n') };

test('a host that refuses a message before it has all of it is heard, though it closes', async () => {
  direct(1);
  await startHost(1, (command) => (command.startsWith('RCPT TO:<later') ? '451 4.2.1 Not now' : undefined), { mostData: 100_000 });
  await send(['hans@example.org', 'later@example.org'], {
    content: Buffer.from(`Subject: x\r\n\r\n${`${'y'.repeat(70)}\r\n`.repeat(200_000)}`),
  });
  await work();
  expect(await tried()).toMatchObject([
    { address: 'hans@example.org', state: 'failed', last_reply: '552 5.3.4 Too large' },
    { address: 'later@example.org', state: 'queued', last_reply: '451 4.2.1 Not now' },
  ]);
});

test('a host without 8BITMIME gets the letter converted to seven bits', async () => {
  direct(1);
  const host = await startHost(1, () => undefined, { extensions: ['PIPELINING'] });
  await send(['hans@example.org'], eightBit);
  await work();
  await emptied();
  expect(host.taken[0]).toContain('Content-Transfer-Encoding: quoted-printable');
  expect(host.taken[0]).toContain('Gr=C3=BC=C3=9Fe');
  expect(host.sessions[0]?.commands).toContain('MAIL FROM:<max@muster.at>');
});

test('a host that offers PIPELINING and hangs up over it gets the next try one command after the other', async () => {
  direct(1);
  let received = '';
  const host = createServer((socket) => {
    let inData = false;
    socket
      .on('error', () => undefined)
      .on('data', (chunk: Buffer) => {
        const text = chunk.toString();
        if (inData) received += text;
        if (!inData && text.indexOf('\n') < text.length - 1) socket.destroy();
        else if (text.startsWith('EHLO')) socket.write('250-mx\r\n250 PIPELINING\r\n');
        else if (text.startsWith('DATA')) inData = socket.write('354 go on\r\n');
        else if (!inData || text.endsWith('.\r\n')) socket.write('250 ok\r\n');
      });
    socket.write('220 mx\r\n');
  }).listen(port, '127.0.0.21');
  try {
    await send(['hans@example.org']);
    await work();
    expect(await tried()).toMatchObject([{ state: 'queued', last_status: '4.4.2' }]);
    await sql(database.url, 'update queue_recipient set next_attempt_at = now()');
    await emptied();
    expect(received).toContain('Subject: x\r\n');
  } finally {
    host.close();
  }
});

test('a host that knows no EHLO is spoken to with HELO', async () => {
  direct(1);
  const host = await startHost(1, (command) => (command.startsWith('EHLO') ? '500 what?' : undefined));
  await send(['hans@example.org'], eightBit);
  await work();
  await emptied();
  expect(host.sessions[0]?.commands).toContain('HELO mail.muster.at');
  expect(host.taken).toHaveLength(1);
});

test.each(['452 4.5.3 Too many', '552 Too many recipients', '450 4.5.3 Too many', '550 5.5.3 Too many'])(
  '"%s" after five recipients: the rest goes at once, in further transactions',
  async (words) => {
    direct(1);
    let accepted = 0;
    const host = await startHost(1, (command) => {
      if (command.startsWith('MAIL')) accepted = 0;
      return command.startsWith('RCPT') && ++accepted > 5 ? words : undefined;
    });
    await send(Array.from({ length: 12 }, (_, index) => `u${index}@example.org`));
    await work();
    await emptied();
    expect(host.taken).toHaveLength(3);
    expect(host.sessions).toHaveLength(1);
  },
);

test.each([
  ['421 4.7.0 Too many, closing', ['PIPELINING']],
  ['421 4.7.0 Too many, closing', []],
  ['hang up', []],
] as const)(
  'a host that ends the session (%s, %j) takes whom it took before over another one; who is unknown is unknown',
  async (end, extensions) => {
    direct(1);
    let named = 0;
    const host = await startHost(
      1,
      (command) => {
        if (command.startsWith('MAIL')) named = 0;
        if (command === 'RCPT TO:<u0@example.org>') return '550 5.1.1 Nobody here';
        return command.startsWith('RCPT') && ++named > 3 ? end : undefined;
      },
      { extensions: [...extensions] },
    );
    await send(Array.from({ length: 6 }, (_, index) => `u${index}@example.org`));
    await work();
    const states = await eventually('the first three', async () => {
      const all = (await tried()).map(({ state }) => state);
      return all[3] === 'delivered' && all;
    });
    expect(states).toEqual(['failed', 'delivered', 'delivered', 'delivered', 'queued', 'queued']);
    expect(host.taken).toHaveLength(1);
  },
);

test('a recipient is accepted by the code, whatever is said behind it, and gets a letter once', async () => {
  direct(1);
  const host = await startHost(1, (command) => (command.startsWith('RCPT') ? '250 4.5.3 recipients left' : undefined));
  await send(['hans@example.org', 'eva@example.org']);
  await work();
  await emptied();
  expect(host.taken).toHaveLength(1);
});

test('a host that has enough is not asked for each of those whom it takes one at a time', async () => {
  direct(1);
  const refuse = (command: string): string | undefined => (command === 'DATA' ? '421 4.7.0 Enough for today' : undefined);
  const host = await startHost(1, refuse, { extensions: ['PIPELINING', 'LIMITS RCPTMAX=1'] });
  await send(['u0', 'u1', 'u2', 'u3'].map((name) => `${name}@example.org`));
  await work();
  await tried();
  expect(host.sessions).toHaveLength(1);
});

const toRecipients = ['250 4.5.3 ok', '550 5.1.1 no', '450 4.2.1 later', '452 4.5.3 many', '550 5.5.3 many', '421 4.5.3 many', 'hang up'];
test.each(Array.from({ length: 12 }, (_, seed) => seed))(
  'whatever a host says to recipients, whom it takes gets the letter once, and after so many sessions all were tried (seed %i)',
  async (seed) => {
    direct(1);
    const random = randomOf(seed);
    const accepted = new Map<number, string[]>();
    const got: string[] = [];
    const host = await startHost(
      1,
      (command, { number }) => {
        if (command.startsWith('MAIL')) accepted.set(number, []);
        if (command === '.') got.push(...(accepted.get(number)?.splice(0) ?? []));
        if (!command.startsWith('RCPT')) return undefined;
        const said = random(2) > 0 ? '250 ok' : toRecipients[random(toRecipients.length)];
        if (said?.startsWith('250')) accepted.get(number)?.push(command.slice('RCPT TO:<'.length, -1));
        return said;
      },
      { extensions: [...(random(2) > 0 ? ['PIPELINING'] : []), ...(random(3) > 1 ? ['LIMITS RCPTMAX=2'] : [])] },
    );
    const recipients = Array.from({ length: 8 }, (_, index) => `u${index}@example.org`);
    await send(recipients);
    await work();
    const rows = await eventually('an attempt with each', async () => {
      const all = await sql(database.url, 'select address, state, attempts from queue_recipient order by address');
      return all.every(({ state, attempts }) => state !== 'queued' || Number(attempts) > 0) && all;
    });
    expect(got.length).toBe(new Set(got).size);
    const delivered = rows.filter(({ state }) => state === 'delivered').map(({ address }) => address);
    // where nobody is left of it, the letter is gone
    if (rows.length > 0) expect(delivered).toEqual(got.toSorted());
    expect(host.sessions.length).toBeLessThanOrEqual(recipients.length);
  },
);

test('552 at RCPT to everybody means later, not never', async () => {
  direct(1);
  await startHost(1, (command) => (command.startsWith('RCPT') ? '552 5.2.2 Over quota' : undefined));
  await send(['hans@example.org']);
  await work();
  expect(await tried()).toMatchObject([{ state: 'queued', attempts: 1, last_status: '4.2.2', last_reply: '552 5.2.2 Over quota' }]);
});

test('a host that asks for data nobody gets is given none', async () => {
  direct(1);
  const host = await startHost(1, (command) => {
    if (command === 'RCPT TO:<niemand@example.org>') return '550 5.1.1 Nobody here';
    return command === 'DATA' ? '354 go on' : undefined;
  });
  await send(['niemand@example.org']);
  await send(['hans@example.org']);
  await work();
  await emptied();
  expect(host.taken.map((letter) => letter === '').toSorted()).toEqual([false, true]);
});

test('a host that refuses everybody and closes is heard, though it was asked for more', async () => {
  direct(1);
  await startHost(1, (command) => {
    if (command.startsWith('RCPT')) return command.includes('later') ? '451 4.2.1 Not now' : '550 5.1.1 Nobody here';
    return command === 'DATA' ? 'hang up' : undefined;
  });
  await send(['hans@example.org', 'later@example.org']);
  await work();
  expect(await tried()).toMatchObject([
    { address: 'hans@example.org', state: 'failed', last_reply: '550 5.1.1 Nobody here' },
    { address: 'later@example.org', state: 'queued', last_reply: '451 4.2.1 Not now' },
  ]);
});

test.each([
  ['421 at MAIL', 'MAIL', '421 4.7.0 One message a session'],
  ['421 at RCPT', 'RCPT', '421 4.7.0 One message a session'],
  ['421 at DATA', 'DATA', '421 4.7.0 One message a session'],
  ['a hang-up at MAIL', 'MAIL', 'hang up'],
  ['a hang-up at RCPT', 'RCPT', 'hang up'],
  ['451 at MAIL', 'MAIL', '451 4.7.0 Enough'],
])('a session that ends after one letter (%s) puts nobody off', async (_, verb, words) => {
  direct(1);
  const host = await startHost(1, (command, session) => {
    const letters = session.commands.filter((each) => each.startsWith('MAIL')).length;
    return command.startsWith(verb) && letters > 1 ? words : undefined;
  });
  for (let count = 0; count < 6; count++) await send([`a${count}@example.org`]);
  await work();
  await emptied();
  expect(host.taken).toHaveLength(6);
});

test('a letter that every session ends with is put off, and does not keep the others', async () => {
  direct(1);
  const host = await startHost(1, (command) => (command === 'RCPT TO:<bad@example.org>' ? '421 4.3.0 I cannot bear it' : undefined));
  for (let count = 0; count < 6; count++) await send([count === 2 ? 'bad@example.org' : `a${count}@example.org`]);
  await work();
  await eventually('the others', async () => host.taken.length === 5);
  const row = await eventually(
    'an attempt',
    async () => (await sql(database.url, 'select attempts, last_reply from queue_recipient where attempts > 0'))[0],
  );
  expect(row).toMatchObject({ attempts: 1, last_reply: '421 4.3.0 I cannot bear it' });
  expect(host.sessions.length).toBeLessThan(12);
});

test('a host that lets in one connection of ours gets all letters over that one', async () => {
  direct(1);
  const sessions = new Set<number>();
  const host = await startHost(1, (command, session) => {
    if (command.startsWith('EHLO') && sessions.size > 0 && !sessions.has(session.number)) return '421 4.3.2 Too many connections';
    if (command.startsWith('EHLO')) sessions.add(session.number);
    if (command === 'QUIT') sessions.delete(session.number);
    return undefined;
  });
  for (let count = 0; count < 20; count++) await send([`a${count}@example.org`]);
  await work();
  await emptied();
  expect(host.taken).toHaveLength(20);
  expect(await sql(database.url, "select 1 from trace_event where step = 'deferred'")).toEqual([]);
});

test.each([
  ['refuses it', '454 no'],
  ['refuses it for good', '554 5.7.0 no'],
  ['hangs up', 'hang up'],
  ['answers with no TLS', '220 go\r\nno TLS at all'],
  ['says goodbye', '421 no more'],
])('a host that %s at STARTTLS gets the letter in clear, and is not asked again for a while', async (_, words) => {
  direct(1);
  const host = await startHost(
    1,
    (command, { commands }) => {
      if (command === 'STARTTLS') return words;
      // as some do that have said no
      return commands.includes('STARTTLS') && command !== 'QUIT' ? '503 5.5.1 bad sequence of commands' : undefined;
    },
    { extensions: ['STARTTLS', '8BITMIME'] },
  );
  await send(['a@example.org']);
  await work();
  await emptied();
  await send(['b@example.org']);
  await emptied();
  expect(host.taken).toHaveLength(2);
  expect(host.sessions.flatMap(({ commands }) => commands).filter((command) => command === 'STARTTLS').length).toBeLessThanOrEqual(2);
});

test('thirty dead hosts before a living one are passed by', async () => {
  await startHost(2, () => undefined);
  dns.zone = {
    'example.org': {
      MX: [...Array.from({ length: 30 }, (_, index): [number, string] => [index, `dead${index}.example.org`]), [40, 'mx2.example.org']],
    },
  };
  for (let index = 0; index < 10; index++) if (index % 2) dns.zone[`dead${index}.example.org`] = { A: ['127.0.0.99'] };
  dns.zone['mx2.example.org'] = { A: ['127.0.0.22'] };
  await send(['hans@example.org']);
  await work();
  await emptied();
});

test('an MX that is an address is taken for one', async () => {
  const host = await startHost(1, () => undefined);
  dns.zone = { 'example.org': { MX: [[10, '127.0.0.21']] } };
  await send(['hans@example.org']);
  await work();
  await emptied();
  expect(host.taken).toHaveLength(1);
});

test.each([
  '10.0.0.5',
  '192.168.1.10',
  '169.254.169.254',
  '100.64.0.1',
  '224.0.0.1',
  '0.0.0.0',
  '::1',
  'fd00::1',
  '::ffff:10.0.0.5',
  '64:ff9b::a00:5',
  '2002:a00:5::1',
])('an MX at %s is left out where the world is on port 25', async (address) => {
  dns.zone = {
    'inward.example': {
      MX: [
        [10, 'in.inward.example'],
        [20, 'out.inward.example'],
      ],
    },
    'in.inward.example': address.includes(':') ? { AAAA: [address] } : { A: [address] },
    'out.inward.example': { A: ['192.0.3.1'] },
    'only.example': { MX: [[10, 'in.inward.example']] },
  };
  const settings = { ...opened.services.settings, smtpPortOut: 25 };
  const found = await resolveDestination(settings, 'inward.example');
  if (Array.isArray(found)) expect(found).toEqual([{ name: 'out.inward.example', address: '192.0.3.1' }]);
  expect(await resolveDestination(settings, 'only.example')).toMatchObject({ kind: 'failed' });
});

test('a domain whose name servers are silent waits as the schedule says; where ours are, everything comes again soon', async () => {
  const { settings } = opened.services;
  dns.zone = { 'silent.example': 'silent', 'found.example': { MX: [[10, 'mx.silent.example']] }, 'mx.silent.example': 'silent' };
  for (const domain of ['silent.example', 'found.example'])
    expect(await resolveDestination(settings, domain)).toStrictEqual({
      kind: 'deferred',
      result: expect.objectContaining({ status: '4.4.3' }),
    });
  const gone = await startDnsServer({});
  await gone.close();
  const without = { ...settings, dnsServers: [gone.address] };
  for (const domain of ['silent.example', 'other.example'])
    expect(await resolveDestination(without, domain)).toMatchObject({ kind: 'deferred', soon: true, result: { status: '4.4.3' } });
});

test('where we are the last of the mail hosts, a better one whose name the DNS does not say now is waited for', async () => {
  const settings = { ...opened.services.settings, smtpPortOut: 25 };
  dns.zone = {
    'spare.example': {
      MX: [
        [10, 'mx.spare.example'],
        [20, settings.hostName],
      ],
    },
    'inside.example': {
      MX: [
        [10, 'mx.spare.example'],
        [20, 'us.inside.example'],
      ],
    },
    'us.inside.example': { A: ['127.0.0.1'] },
    'mx.spare.example': { broken: true },
  };
  for (const domain of ['spare.example', 'inside.example']) {
    expect(await resolveDestination(settings, domain)).toMatchObject({ kind: 'deferred', result: { status: '4.4.3' } });
  }
  dns.zone['mx.spare.example'] = {};
  for (const domain of ['spare.example', 'inside.example']) {
    expect(await resolveDestination(settings, domain)).toMatchObject({ kind: 'failed', result: { status: '5.4.6' } });
  }
});

test('a mailbox with several addresses has one copy of a letter to all of them', async () => {
  await sql(
    database.url,
    `insert into address (domain_id, address, mailbox_id) select domain_id, local || '@muster.at', mailbox_id from address, unnest(array['chef', 'office']) local where address = 'max@muster.at'
      on conflict do nothing`,
  );
  const before = (await storedMessages(opened.services.store, max)).length;
  await send([], {
    recipients: ['max@muster.at', 'Max@muster.at', 'chef@muster.at', 'office@muster.at'].map((address) => ({
      address,
      domain: 'muster.at',
      dsnNotify: null,
      dsnOriginal: null,
    })),
  });
  await work();
  await emptied();
  expect((await storedMessages(opened.services.store, max)).length).toBe(before + 1);
});

test('a report waits for a full mailbox, whose owner would never hear of it else', async () => {
  const report = {
    accountId: null,
    sender: '',
    recipients: [{ address: 'max@muster.at', domain: 'muster.at', dsnNotify: 'NEVER', dsnOriginal: null }],
  };
  const before = (await storedMessages(opened.services.store, max)).length;
  await sql(database.url, 'update account_counter set quota_bytes = 1 where account_id = $1', [max]);
  await send([], report);
  await work();
  expect(await tried()).toMatchObject([{ state: 'queued', last_status: '4.2.2' }]);
  await sql(database.url, 'update account_counter set quota_bytes = 1000000000 where account_id = $1', [max]);
  await sql(database.url, 'update queue_recipient set next_attempt_at = now()');
  bellOf(opened.services.database).ring();
  await emptied();
  expect((await storedMessages(opened.services.store, max)).length).toBe(before + 1);
});
