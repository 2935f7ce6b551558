import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { MessageHeader } from '#lib/mime/read-header.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { activateScript, putScript } from '#mail-server/store/sieve-scripts.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

let database: TestDatabase;
let dns: DnsServer;
let opened: TestServices;
let mx: RunningSmtp;
let max: AccountId;

const own = 'max@muster.at';
/** Whom a script may name, as the sending matrix has them. */
const identities = {
  own,
  alias: 'vorname.max@muster.at',
  subaddress: 'max+laden@muster.at',
  unproved: 'vorstand@bank.example',
  colleague: 'erika@muster.at',
  'other customer': 'chef@andere.at',
  stranger: 'ceo@world.example',
};
type Identity = keyof typeof identities;
const writers = { inside: 'erika@muster.at', outside: 'hans@example.org' };
type Place = keyof typeof writers;
/** as whom a letter may leave; in all other cases it leaves as the mailbox itself */
const heard: Record<Identity, readonly Place[]> = {
  own: ['inside', 'outside'],
  alias: ['inside', 'outside'],
  subaddress: ['inside', 'outside'],
  unproved: [],
  colleague: [],
  'other customer': [],
  stranger: [],
};

beforeAll(async () => {
  database = await createTestDatabase();
  const spf = { TXT: ['v=spf1 ip4:127.0.0.1 -all'] };
  dns = await startDnsServer({ 'example.org': spf, 'muster.at': spf });
  opened = await openTestServices(database.url, { dnsServers: [dns.address], hostName: 'mail.muster.at' });
  max = await createAccount(database.url, own);
  for (const address of [identities.colleague, identities['other customer'], 'x@bank.example']) await createAccount(database.url, address);
  await sql(database.url, `insert into customer (id, name) values (2, 'Andere')`);
  await sql(database.url, `update domain set customer_id = 2 where name = 'andere.at'`);
  await sql(database.url, `update domain set verified_at = null where name = 'bank.example'`);
  for (const address of [identities.alias, identities.unproved])
    await sql(
      database.url,
      `insert into address (domain_id, address, mailbox_id) select id, $1, $2 from domain where name = split_part($1, '@', 2)`,
      [address, max],
    );
  mx = await startMx(opened.services);
});
afterAll(async () => {
  await mx.close(1000);
  await opened.close();
  await dns.close();
  await database.drop();
});
beforeEach(async () => {
  for (const table of ['queue_message', 'rule_memory', 'sieve_script']) await sql(database.url, `delete from ${table}`);
});

async function script(source: string): Promise<void> {
  expect(await putScript(opened.services.database, max, { scripts: 10, bytes: 100_000 }, { name: 'main', content: source })).toBe('stored');
  await activateScript(opened.services.database, max, 'main');
}
async function write(from: string, more = ''): Promise<void> {
  const client = await SmtpClient.open(mx.port, { greeting: 'EHLO example.org' });
  try {
    const content = `From: <${from}>\r\nTo: ${own}\r\nSubject: Frage\r\nMessage-ID: <${Math.random()}@example.org>\r\n${more}\r\nText\r\n`;
    expect(await client.send(from, [own], content)).toMatch(/^250 /);
  } finally {
    client.close();
  }
}
interface Queued {
  content: Buffer;
  origin: string;
  author: string | null;
  judgement: { verdict?: string } | null;
}
const queued = async (): Promise<Queued[]> =>
  (await sql(database.url, 'select content, origin, author, judgement from queue_message')) as unknown as Queued[];
const headerOf = ({ content }: Queued): MessageHeader => new MessageHeader(content);
const fieldsOf = (letter: Queued, key: string): string[] => {
  const header = headerOf(letter);
  return header.named(key).map((field) => header.text(field));
};
const addressIn = (field: string | undefined): string => /<([^<>]*)>$/.exec(field ?? '')?.[1] ?? field ?? '';

/** the ways in which a script writes a letter in a name */
const ways: Record<string, (who: string, reader: string) => string> = {
  'the sender of an answer': (who) => `require "vacation"; vacation :from "${who}" "Bin weg";`,
  'the sender of an answer, with a name': (who) => `require "vacation"; vacation :from "Chef <${who}>" "Bin weg";`,
  'a field in the text of an answer': (who) =>
    `require "vacation"; vacation :mime "From: ${who}\r\nSender: ${who}\r\nContent-Type: text/plain\r\n\r\nBin weg";`,
  'the sender of a notification': (who, reader) => `require "enotify"; notify :from "${who}" :message "Post" "mailto:${reader}";`,
  'a field of a notification': (who, reader) =>
    `require "enotify"; notify :message "Post" "mailto:${reader}?Sender=${who}&Resent-Sender=${who}&ARC-Seal=i&Authentication-Results=x";`,
};

describe.each(Object.keys(ways))('%s', (way) => {
  describe.each(Object.keys(identities) as Identity[])('%s', (identity) => {
    test.each(Object.entries(writers) as [Place, string][])('to %s', async (place, reader) => {
      const who = identities[identity];
      await script(ways[way]?.(who, reader) ?? '');
      await write(reader);
      const letters = await queued();
      expect(letters).toHaveLength(1);
      const [letter] = letters;
      if (!letter) return;
      const names = way.startsWith('the sender') && heard[identity].includes(place);
      const expected = names ? who : own;
      expect(fieldsOf(letter, 'from').map(addressIn)).toEqual([expected]);
      for (const key of ['sender', 'resent-sender', 'arc-seal', 'authentication-results']) expect(fieldsOf(letter, key)).toEqual([]);
      expect([letter.author, letter.origin]).toEqual([expected, 'report']);
    });
  });
});

test('an answer keeps what its text says of itself, and nothing else', async () => {
  const entity = 'Content-Type: text/html; charset=utf-8\r\nBcc: all@example.org\r\nSubject: x\r\n\r\n<p>Bin weg</p>';
  await script(`require "vacation"; vacation :mime "${entity}";`);
  await write(writers.outside);
  const [letter] = await queued();
  const text = String(letter?.content);
  expect(text).toMatch(/^Content-Type: text\/html; charset=utf-8\r\n(?:.+\r\n)*\r\n<p>Bin weg<\/p>$/m);
  expect(text).not.toMatch(/^(?:Bcc|Subject: x)/im);
});

describe('a letter whose header a script has changed', () => {
  const edit = (changes: string): string => `require ["editheader", "copy"]; ${changes} redirect :copy "${identities.colleague}";`;

  test.each([
    ['its author', 'deleteheader "From"; addheader "From" "Chef <chef@muster.at>";', 'chef@muster.at'],
    ['a second author', 'addheader "From" "Chef <chef@muster.at>";', null],
    ['its subject', 'deleteheader "Subject"; addheader "Subject" "Dringend";', writers.outside],
    ['where answers go', 'addheader "Reply-To" "chef@muster.at";', writers.outside],
  ])('%s: nothing vouches for it where it is passed on', async (_, changes, author) => {
    await script(edit(changes));
    await write(writers.outside);
    const [letter] = await queued();
    const header = letter && headerOf(letter);
    expect(header?.named('message-id'), 'all that was not changed is there').toHaveLength(1);
    expect(letter?.judgement?.verdict).toBe('failed');
    expect(letter?.author).toBe(author);
    expect(letter && fieldsOf(letter, 'arc-seal')).toEqual([]);
  });

  test('as it was judged where nothing that is shown was changed', async () => {
    await script(edit('addheader "X-Weg" "1";'));
    await write(writers.outside);
    const [letter] = await queued();
    expect([letter?.author, letter?.judgement?.verdict]).toEqual([writers.outside, 'unknown']);
  });

  test('is nobody’s in the mailbox itself, where it names another author', async () => {
    await script('require "editheader"; deleteheader "From"; addheader "From" "chef@muster.at";');
    await write(writers.outside);
    const rows = await sql(database.url, 'select origin, author from message where account_id = $1 order by message_id desc limit 1', [
      max,
    ]);
    expect(rows).toEqual([{ origin: 'unknown', author: 'chef@muster.at' }]);
  });
});

describe('where a customer keeps letters in the house, a script', () => {
  beforeAll(() => sql(database.url, 'update customer set forwards_outside = false where id = 1'));
  afterAll(() => sql(database.url, 'update customer set forwards_outside = true where id = 1'));
  const stored = async (): Promise<number> =>
    Number((await sql(database.url, 'select count(*) as count from folder_message where account_id = $1', [max]))[0]?.['count']);

  test.each([
    ['passes nothing on to the world', `redirect "${identities.stranger}";`],
    ['tells the world nothing', `require "enotify"; notify :message "Post" "mailto:${identities.stranger}";`],
  ])('%s, and the letter stays', async (_, source) => {
    const before = await stored();
    await script(source);
    await write(writers.outside);
    expect(await queued()).toEqual([]);
    expect(await stored()).toBe(before + 1);
    // whom it could not write to is no acquaintance
    expect(
      await sql(database.url, 'select 1 from correspondent where mailbox_id = $1 and address = $2', [max, identities.stranger]),
    ).toEqual([]);
  });

  test('passes on to colleagues, and answers', async () => {
    await script(`require ["copy", "vacation"]; redirect :copy "${identities.colleague}"; vacation "Bin weg";`);
    await write(writers.outside);
    expect(await queued()).toHaveLength(2);
  });
});

describe('what is held of a mailbox’s sending is not sent by its rules', () => {
  afterAll(() => sql(database.url, 'update mailbox set sending_held_at = null where id = $1', [max]));

  test('where it is held, it passes nothing on and tells nobody', async () => {
    await sql(database.url, `update mailbox set sending_held_at = now(), sending_held_reason = 'strangers' where id = $1`, [max]);
    await script(`require ["enotify"]; notify :message "x" "mailto:${writers.outside}"; redirect "${writers.outside}";`);
    await write(writers.outside);
    expect(await queued()).toEqual([]);
    await sql(database.url, 'update mailbox set sending_held_at = null where id = $1', [max]);
    await write(writers.outside);
    expect(await queued()).toHaveLength(2);
  });

  test('it writes to no more strangers than in an hour it may', async () => {
    const { strangersPerHour } = opened.services.settings.spam;
    await sql(
      database.url,
      `insert into correspondent (mailbox_id, address) select $1, 'stranger' || n || '@world.example' from generate_series(1, $2::int) n`,
      [max, strangersPerHour],
    );
    await script(`require "enotify"; notify :message "x" "mailto:new@world.example"; notify :message "x" "mailto:${writers.inside}";`);
    await write(writers.outside);
    expect((await queued()).map((letter) => fieldsOf(letter, 'to'))).toEqual([[writers.inside]]);
    await sql(database.url, 'delete from correspondent');
  });
});
