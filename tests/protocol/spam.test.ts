import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { learnLessons } from '#mail-server/spam/learn-lessons.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { INBOX_ID } from '#mail-server/store/types.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

let database: TestDatabase;
let opened: TestServices;
let dns: DnsServer;
let mx: RunningSmtp;
let account: AccountId;
let address: string;
let serial = 0;
const clients: SmtpClient[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await sql(database.url, 'select ensure_trace_partitions(1)');
  dns = await startDnsServer({
    'known.example': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
    '_dmarc.known.example': { TXT: ['v=DMARC1; p=none'] },
  });
  opened = await openTestServices(database.url, { dnsServers: [dns.address] });
  mx = await startMx(opened.services);
});
afterAll(async () => {
  await mx.close(1000);
  await opened.close();
  await dns.close();
  await database.drop();
});
beforeEach(async () => {
  address = `anna${++serial}@muster.at`;
  account = await createAccount(database.url, address);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

const letter = (from: string, subject: string, text: string): string =>
  `From: ${from}\r\nTo: ${address}\r\nSubject: ${subject}\r\nDate: ${new Date().toUTCString()}\r\nMessage-ID: <${serial}.${Math.random()}@x.example>\r\n` +
  `Content-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`;
const loan = (from = 'Prime Loans <loan@primeloan.example>'): string =>
  letter(
    from,
    'Loan offer',
    'Do you need a quick loan? Bad credit, no credit check, without collateral. Interest rate of 3%. Send loan amount.',
  );

async function send(content: string, sender = 'a@primeloan.example'): Promise<string> {
  const client = await SmtpClient.open(mx.port);
  clients.push(client);
  await client.ask(`MAIL FROM:<${sender}>`);
  await client.ask(`RCPT TO:<${address}>`);
  await client.ask('DATA');
  return (await client.ask(`${content}.`)) ?? '';
}
const junk = async (): Promise<number> =>
  (await opened.services.store.folders(account)).find(({ specialUse }) => specialUse === '\\Junk')?.folderId ?? 0;
const count = async (folder: number): Promise<number> => (await opened.services.store.status(account, folder)).messages;
const lie = async (): Promise<{ inbox: number; junk: number }> => ({ inbox: await count(INBOX_ID), junk: await count(await junk()) });
const learn = (): Promise<boolean> => opened.services.database.transaction((query) => learnLessons(query, opened.services.store));
const all = [[1, 4294967295]] as const;
const tokens = async (): Promise<unknown> =>
  (await sql(database.url, `select spam, ham from mailbox_spam_token where mailbox_id = ${account} and token = 0`))[0];

describe('a letter that nobody asked for', () => {
  test('goes to Junk, and its reasons are stored with it and in the trace', async () => {
    expect(await send(loan())).toMatch(/^250 /);
    expect(await lie()).toEqual({ inbox: 0, junk: 1 });
    const [row] = await sql(database.url, `select judgement->'spam' as spam from message where account_id = ${account}`);
    expect(row).toMatchObject({ spam: { junk: true, reasons: expect.arrayContaining([expect.objectContaining({ code: 'words-loan' })]) } });
    await eventually('the reasons in the trace', async () => {
      const steps = await sql(database.url, `select detail from trace_event where account_id = ${account} and step = 'stored'`);
      return /Junk, \d+ %: .*words-loan/.test(JSON.stringify(steps));
    });
  });

  test('stays in the inbox where the filter is off', async () => {
    await sql(database.url, `update mailbox set spam_filter = 'off' where id = ${account}`);
    await send(loan());
    expect(await lie()).toEqual({ inbox: 1, junk: 0 });
  });

  test('is believed from somebody whom the mailbox wrote to', async () => {
    await sql(database.url, `insert into correspondent (mailbox_id, address) values (${account}, 'loan@known.example')`);
    await send(loan('Bank <loan@known.example>'), 'loan@known.example');
    await send(loan('Bank <other@known.example>'), 'loan@known.example');
    expect(await lie()).toEqual({ inbox: 1, junk: 1 });
  });
});

describe('learning', () => {
  const odd = (index: number): string =>
    letter(
      'News <news@odd.example>',
      `Neuigkeiten ${index}`,
      `Wir berichten wieder vom Zirkusfestival mit Akrobaten, Elefanten und Zuckerwatte, Ausgabe ${index}.`,
    );
  const usual = (index: number): string =>
    letter(
      'Max <max@usual.example>',
      `Baustelle ${index}`,
      `Die Fenster sind bestellt, der Tischler kommt am Montag, bitte den Plan Nummer ${index} mitbringen.`,
    );
  const { copyAll } = {
    copyAll: (from: number, to: number, move: boolean) => opened.services.store.copy(account, from, to, all, move),
  };

  test('what is moved to Junk is recognised later, and moved back it is not', async () => {
    for (let index = 0; index < 6; index++) await send(usual(index), 'max@usual.example');
    await opened.services.store.storeFlags(account, INBOX_ID, all, 1n, 0n);
    const folder = await junk();
    for (let index = 0; index < 3; index++) await send(odd(index), 'news@odd.example');
    await opened.services.store.copy(account, INBOX_ID, folder, [[7, 9]], true);
    await learn();
    await learn();
    expect(await tokens()).toMatchObject({ spam: 3, ham: 6 });
    // what is known of an untaught mailbox is believed for a minute: another process has not asked yet
    const other = await otherVerdict(odd(9));
    expect(other).toContain('learnt-spam');
    await copyAll(folder, INBOX_ID, true);
    await learn();
    expect(await tokens()).toMatchObject({ spam: 0, ham: 9 });
  });

  test('a letter that moves there and back before anybody looked teaches nothing wrong', async () => {
    await send(odd(1), 'news@odd.example');
    const folder = await junk();
    await copyAll(INBOX_ID, folder, true);
    await copyAll(folder, INBOX_ID, true);
    await learn();
    expect(await tokens()).toMatchObject({ spam: 0, ham: 1 });
  });

  test('throwing Junk away teaches nothing, copying out of it does', async () => {
    await send(loan());
    const folder = await junk();
    const trash = (await opened.services.store.folders(account)).find(({ specialUse }) => specialUse === '\\Trash')?.folderId ?? 0;
    await copyAll(folder, trash, false);
    await learn();
    expect(await tokens()).toBeUndefined();
    await copyAll(folder, INBOX_ID, false);
    await learn();
    expect(await tokens()).toMatchObject({ spam: 0, ham: 1 });
  });
});

async function otherVerdict(content: string): Promise<string[]> {
  const { extractFeatures } = await import('#mail-server/spam/extract-features.ts');
  const { scoreLetter } = await import('#mail-server/spam/score-letter.ts');
  const { readSpamContext } = await import('#mail-server/store/spam-store.ts');
  const features = extractFeatures(Buffer.from(content));
  const known = await readSpamContext(opened.services.database, account, features.tokens, '', []);
  if (!known) throw new Error('no such mailbox');
  const { letters, tokens: counts, ...rest } = known;
  const { reasons } = scoreLetter(features, { judgement: null, arrival: [] }, { ...rest, counts: { letters, tokens: counts } });
  return reasons.map(({ code }) => code);
}
