import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { unknownProvenance } from '#lib/mime/judgement.ts';
import { customerId, type AccountId } from '#lib/db/ids.ts';
import { startOperationsServer } from '#mail-server/operations-server.ts';
import { listQueue, readWaitingDomains, retryQueued } from '#mail-server/store/queue/queue-operations.ts';
import { enqueue, leaseRecipients } from '#mail-server/store/queue/queue-store.ts';
import { insertTrace } from '#mail-server/store/trace-store.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { queuedLetter } from '#tests/support/queued-letter.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';

let database: TestDatabase;
let opened: TestServices;
let max: AccountId;
let id: number | null;

beforeAll(async () => {
  database = await createTestDatabase();
  opened = await openTestServices(database.url);
  max = await createAccount(database.url, 'max@muster.at');
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});
beforeEach(async () => {
  await sql(database.url, 'delete from queue_message');
  id = await enqueue(
    opened.services.database.write,
    queuedLetter(['hans@example.org', 'eva@example.net'], {
      customerId: customerId(1),
      accountId: max,
      sender: 'max@muster.at',
      content: Buffer.from('Subject: Angebot\r\n\r\ngeheim\r\n'),
      provenance: { ...unknownProvenance, origin: 'submitted', submittedBy: max },
    }),
  );
  await sql(
    database.url,
    `update queue_recipient set attempts = 2, next_attempt_at = now() + interval '1 hour', last_reply = '451 4.7.1 Greylisted' where address like 'hans%'`,
  );
});

const run = promisify(execFile);
const queue = async (...args: string[]): Promise<string> => {
  const { stdout } = await run(process.execPath, ['mail-server/queue/queue-command.ts', ...args], {
    env: { ...process.env, DATABASE_URL: database.url, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
  });
  return stdout;
};
const due = async () => (await leaseRecipients(opened.services.database, 'test', 10, [])).map(({ address }) => address);

test('list and show tell who waits, for what, and what was said', async () => {
  const list = await queue('list');
  expect(list).toContain(`${id}  `);
  expect(list).toMatch(/<hans@example\.org> {2}2 attempts, next in 60 min\n +451 4\.7\.1 Greylisted\n/);
  expect(list).toMatch(/<eva@example\.net> {2}0 attempts, due\n/);
  expect(list).toContain('2 recipients wait');
  // of what was asked for, not of the whole queue
  expect(await queue('list', '@example.org')).toContain('1 recipient waits');
  const shown = await queue('show', String(id));
  expect(shown).toContain('Subject: Angebot');
  expect(shown).not.toContain('geheim');
});

test('domains tells for whom most waits, what of it is due and held, and what their hosts say', async () => {
  await queue('hold', 'eva@example.net');
  const lines = (await queue('domains')).trimEnd().split('\n');
  expect(lines.map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['recipients', 'due', 'held', 'oldest'],
    ['1', '0', '1', expect.stringMatching(/^\d+ s$/), 'example.net'],
    ['1', '0', '0', expect.stringMatching(/^\d+ s$/), 'example.org'],
    ['451 4.7.1 Greylisted'],
  ]);
});

test('what a stranger wrote does not command the terminal', async () => {
  const hostile = 'Subject: \x1b]0;owned\x07\x1b[2J \x9b31m \u202egnp.exe\r\n\r\nx\r\n';
  await sql(database.url, 'update queue_message set content = $1', [Buffer.from(hostile)]);
  await sql(database.url, `update queue_recipient set last_reply = E'550 \\x1b[31mred'`);
  for (const shown of [await queue('show', String(id)), await queue('list')]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(shown).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
  }
  expect(await queue('show', String(id))).toContain('\\u{1b}[2J');
});

test('what a sender holds is shown with its time, and is not opened by "retry all"', async () => {
  await sql(database.url, "update queue_message set release_at = now() + interval '1 hour'");
  await sql(database.url, "update queue_recipient set next_attempt_at = now() + interval '1 hour'");
  expect(await queue('list')).toMatch(/held by its sender until \d{4}-/);
  await queue('retry', 'all').catch(() => '');
  expect(await due()).toEqual([]);
});

test('what is held for its mailbox waits for whoever lets that send again, not for "retry all"', async () => {
  await queue('hold', String(id));
  await sql(database.url, 'update mailbox set sending_held_at = now()');
  expect(await queue('list')).toContain('held until its mailbox may send again');
  expect(await queue('retry', 'all')).toContain('is left as it is');
  expect(await due()).toEqual([]);
  await sql(database.url, 'update mailbox set sending_held_at = null');
  await sql(database.url, "update queue_recipient set next_attempt_at = '9999-12-31Z'"); // as hold_letters
  expect(await queue('hold', String(id))).toContain('is left as it is');
  expect(await queue('retry', 'all')).toContain('is left as it is');
});

test('what a worker had that died is held, and not due, while its mailbox may not send', async () => {
  expect((await due()).length).toBe(1);
  await sql(
    database.url,
    "update queue_recipient set next_attempt_at = now(), leased_until = now() - interval '1 second' where leased_by is not null",
  );
  await sql(database.url, 'update mailbox set sending_held_at = now()');
  expect(await due()).toEqual([]);
  const { services } = opened;
  const eva = { id: null, about: 'eva@example.net' };
  const listed = () => listQueue(services.database, eva, 1);
  expect(await listed()).toMatchObject([{ mailboxHeld: true, recipients: [{ nextAttemptAt: null, inDelivery: false }] }]);
  expect(await readWaitingDomains(services.database, 1)).toMatchObject([{ domain: 'example.net', due: 0, held: 1 }]);
  expect(await retryQueued(services.database.write, eva)).toBe(0);
  await sql(database.url, 'update mailbox set sending_held_at = null');
  expect(await listed()).toMatchObject([{ mailboxHeld: false, recipients: [{ nextAttemptAt: expect.any(Date) }] }]);
  expect(await due()).toEqual(['eva@example.net']);
});

test('what a sender holds and an operator drops is never taken for sent', async () => {
  await sql(database.url, "update queue_message set release_at = now() + interval '1 hour'");
  await sql(database.url, 'update queue_recipient set attempts = 0');
  await sql(
    database.url,
    `insert into outgoing_letter (mailbox_id, letter_id, state, attempt, queue_message, release_at) values ($1, 'a', 'held', 'a', $2, now() + interval '1 hour')`,
    [max, id],
  );
  await queue('drop', 'hans@example.org');
  expect(await sql(database.url, 'select state from outgoing_letter')).toEqual([{ state: 'held' }]);
  await queue('drop', 'max@muster.at');
  expect(await sql(database.url, 'select state from outgoing_letter')).toEqual([{ state: 'withdrawn' }]);
});

test('what is held is not tried until it is retried', async () => {
  expect(await queue('hold', String(id))).toBe('2 recipients are held.\n');
  expect(await due()).toEqual([]);
  expect(await queue('list')).toMatch(/hans@example\.org> {2}2 attempts, held/);
  expect(await queue('retry', 'all')).toBe('2 recipients are due now.\n');
  expect((await due()).sort()).toEqual(['eva@example.net', 'hans@example.org']);
});

test('what a worker has at this moment is left to it', async () => {
  expect(await due()).toEqual(['eva@example.net']);
  expect(await queue('hold', String(id))).toBe('1 recipient is held.\n');
  expect(await queue('list')).toMatch(/eva@example\.net> {2}0 attempts, in delivery/);
});

test('what is dropped is gone', async () => {
  expect(await queue('drop', String(id))).toBe('2 recipients are deleted.\n');
  expect(await sql(database.url, 'select 1 from queue_message')).toEqual([]);
  expect(await queue('list')).toBe('Nothing waits.\n');
  expect(await queue('trace', String(id))).toMatch(/ dropped <max@muster\.at> to <hans@example\.org> by the operator\n/);
  expect(await queue('drop', String(id))).toContain(`Nothing of ${id} waits`);
});

test('what a host had to the last dot when it was dropped is said to have perhaps gone out', async () => {
  await sql(database.url, "update queue_recipient set dot_sent_at = now() where address = 'eva@example.net'");
  expect(await queue('drop', String(id))).toMatch(/^2 recipients are deleted, 1 of them may have gone out/);
  expect(await queue('trace', String(id))).toMatch(/ to <eva@example\.net> by the operator, when its host had it/);
});

test('what goes to a domain or an address, or comes from one, is listed, held, retried and dropped together', async () => {
  expect(await queue('list', '@example.net')).not.toContain('hans@');
  expect(await queue('hold', '@EXAMPLE.net')).toBe('1 recipient is held.\n');
  expect(await queue('retry', '<Max@muster.at>')).toBe('2 recipients are due now.\n');
  expect(await queue('hold', '<>')).toContain('Nothing of <> waits');
  expect(await queue('drop', 'hans@example.org')).toBe('1 recipient is deleted.\n');
  expect(await due()).toEqual(['eva@example.net']);
  expect(await queue('drop', '@muster.at')).toBe('1 recipient is deleted.\n');
  expect(await sql(database.url, 'select 1 from queue_message')).toEqual([]);
});

test('a program reads the list as JSON, an object a line', async () => {
  await sql(database.url, `update queue_recipient set last_reply = U&'550 \\202e \\009b Grüße'`);
  const list = await queue('list', '--json');
  expect(list).toMatch(/^[\x20-\x7e]+\n$/);
  expect(JSON.parse(list)).toMatchObject({ id, sender: 'max@muster.at', recipients: [{ lastReply: '550 \u202e \u009b Grüße' }, {}] });
  expect(await queue('list', 'nobody@example.org', '--json')).toBe('');
});

test('trace tells what happened, by number, Message-ID and address', async () => {
  const event = {
    step: 'relayed' as const,
    customerId: customerId(1),
    accountId: max,
    queueId: id,
    sender: 'max@muster.at',
    recipient: 'Hans@example.org',
    messageRef: '<1@muster.at>',
    status: '2.0.0',
    detail: '250 ok\nqueued as 77',
    remote: 'mx.example.org',
  };
  await insertTrace(opened.services.database.write, [event], new Date());
  for (const about of [String(id), '1@muster.at', 'hans@example.org', '<hans@example.org>', '@muster.at']) {
    expect(await queue('trace', about)).toContain(
      `${id} relayed <max@muster.at> to <Hans@example.org> 2.0.0 mx.example.org 250 ok queued as 77\n`,
    );
  }
  const today = new Date().toISOString().slice(0, 10);
  await sql(database.url, `update trace_event set at = $1::timestamptz`, [`${today}T00:00:00Z`]);
  expect(await queue('trace', '@muster.at', today)).toContain(`${today}T00:00:00.000Z ${id} relayed`);
  expect(await queue('trace', '@muster.at', '2020-01-31')).toBe('Nothing is known of @muster.at on 2020-01-31.\n');
});

test('top tells who sends most and which host brings most, on a day', async () => {
  const day = new Date(Date.now() - 7 * 86_400_000).toISOString().slice(0, 10);
  const at = new Date(`${day}T12:00:00Z`);
  const event = {
    customerId: customerId(1),
    queueId: 7,
    sender: 'news@muster.at',
    recipient: 'x@example.org',
    messageRef: null,
    status: null,
    detail: null,
  };
  const ours = { ...event, accountId: max, remote: '192.0.2.9' };
  const theirs = { ...event, accountId: null, queueId: null, sender: 'a@example.org', remote: '198.51.100.7' };
  await insertTrace(
    opened.services.database.write,
    [
      ...Array.from({ length: 3 }, () => ({ ...ours, step: 'submitted' as const })),
      { ...ours, step: 'bounced' as const, remote: 'mx.example.org' },
      { ...theirs, step: 'stored' as const },
      { ...theirs, step: 'refused' as const },
    ],
    at,
  );
  const [, ...lines] = (await queue('top', day)).trimEnd().split('\n');
  expect(lines.map((line) => line.trim().split(/ +/))).toEqual([
    ['3', '0', '0', '1', '0', 'max@muster.at'],
    ['1', '0', '0', '0', '1', '198.51.100.7'],
  ]);
  expect(await queue('top', '2001-01-01')).toBe('Nothing was sent or came.\n');
});

test('a wrong command changes nothing and shows the right ones', async () => {
  await expect(queue('drop', 'all')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('Usage:') });
  // "@" is no domain: it would mean every report, since those have none
  await expect(queue('drop', '@')).rejects.toMatchObject({ code: 2 });
  await expect(queue('list', '4711', '4712')).rejects.toMatchObject({ code: 2 });
  await expect(queue('trace', 'a@b.at', '2026-02-30')).rejects.toMatchObject({ code: 2 });
  await expect(queue('constructor')).rejects.toMatchObject({ code: 2 });
  expect(await sql(database.url, 'select 1 from queue_message')).toHaveLength(1);
});

test('the length of the queue and the age of its oldest message are metrics', async () => {
  await sql(database.url, `update queue_message set created_at = now() - interval '1 hour'`);
  const operations = await startOperationsServer(0, opened.services);
  try {
    const text = await (await fetch(`http://127.0.0.1:${operations.port}/metrics`)).text();
    expect(text).toContain('postamt_queue_recipients 2\n');
    expect(text).toMatch(/postamt_queue_oldest_seconds 36\d\d\n/);
  } finally {
    operations.close();
  }
});

test('the summary of a day counts what came and left, and names the reasons and hosts there were most of', async () => {
  const day = new Date(Date.now() - 8 * 86_400_000).toISOString().slice(0, 10);
  const event = { customerId: customerId(1), messageRef: null, status: null, detail: null, sender: 'a@example.org' };
  const theirs = { ...event, accountId: null, queueId: null, remote: '198.51.100.7' };
  const ours = { ...event, accountId: max, queueId: 8, sender: 'max@muster.at', remote: 'mx.example.org' };
  const refused = (name: string) => ({
    ...theirs,
    step: 'refused' as const,
    recipient: `${name}@muster.at`,
    status: '5.1.1',
    detail: `550 5.1.1 <${name}@muster.at> Unbekannt - unknown`,
  });
  const deferred = (reply: string) => ({ ...ours, step: 'deferred' as const, recipient: 'x@example.org', status: '4.7.1', detail: reply });
  await insertTrace(
    opened.services.database.write,
    [
      { ...theirs, step: 'stored', recipient: 'max@muster.at' },
      refused('eins'),
      refused('zwei'),
      // another host's letter, by the rules of the mailbox, whose account it is noted with
      { ...refused('max'), accountId: max, status: '5.7.1', detail: '550 5.7.1 Nein' },
      { ...ours, step: 'submitted', recipient: 'x@example.org' },
      deferred('451 4.7.1 Greylisted'),
      deferred('451 4.7.1 Greylisted'),
      deferred('421 Too\r\nbusy'),
      { ...ours, step: 'bounced', recipient: 'x@example.org', status: '5.1.10', detail: 'Null MX' },
    ],
    new Date(`${day}T23:59:00Z`),
  );
  const lines = (await queue('summary', day)).split('\n').map((line) => line.trim());
  expect(lines.slice(0, lines.indexOf('Greatest senders'))).toEqual([
    'Recipients',
    ...['1  bounced', '1  came and stored', '3  deferred', '3  refused', '1  submitted', ''],
    ...['Refused', '2  550 5.1.1 <…> Unbekannt - unknown', '1  550 5.7.1 Nein', ''],
    ...['Deferred (attempts), by host', '3  mx.example.org', '451 4.7.1 Greylisted', ''],
    ...['Bounced', '1  5.1.10 Null MX', ''],
  ]);
  expect(lines).toContainEqual(expect.stringMatching(/max@muster\.at$/));
  expect(await queue('summary', '2020-01-01')).toContain('Nothing was sent or came.');
});
