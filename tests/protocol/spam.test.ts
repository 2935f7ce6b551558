import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { mintCustomerScope } from '#lib/auth/customer-scope.ts';
import { customerId, type AccountId } from '#lib/db/ids.ts';
import { openDatabase as openPrisma } from '#lib/db/prisma.ts';
import { setCatchAll } from '#lib/provisioning/addresses/set-catch-all.ts';
import { setForward } from '#lib/provisioning/addresses/set-forward.ts';
import { setGroup } from '#lib/provisioning/addresses/set-group.ts';
import { unknownProvenance, type Provenance } from '#lib/mime/judgement.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import { byButton } from '#lib/targets/by-button.ts';
import type { Running } from '#mail-server/services.ts';
import { learnLessons } from '#mail-server/spam/learn-lessons.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { INBOX_ID } from '#mail-server/store/mail-store.ts';
import { activateScript, putScript } from '#mail-server/store/sieve-scripts.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sql } from '#tests/support/passwords.ts';
import { newMessage } from '#tests/support/store.ts';
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

  test('is taken whatever stands where a reason of the filter was cut off', async () => {
    const html = (link: string): string =>
      loan().replace('text/plain', 'text/html').replace('\r\n\r\n', `\r\n\r\n<a href="${link}">x</a> `);
    expect(await send(html(`javascript:${'x'.repeat(28)}😀.example`))).toMatch(/^250 /);
    expect(await send(html(`data:text/html,${'ü'.repeat(24)}😀`))).toMatch(/^250 /);
    const named = `Content-Disposition: attachment; filename="${'x'.repeat(50)}😀${'y'.repeat(95)}.exe"\r\nContent-Type: application/octet-stream`;
    expect(await send(loan().replace(/Content-Type: .*/, named))).toMatch(/^250 /);
    expect(await lie()).toEqual({ inbox: 0, junk: 3 });
  });

  test('stays in the inbox where the filter is off', async () => {
    await sql(database.url, `update mailbox set spam_filter = 'off' where id = ${account}`);
    await send(loan());
    await sql(database.url, `update mailbox set spam_filter = 'normal' where id = ${account}`);
    // that it is off is believed for some seconds, and for this mailbox alone
    await send(loan());
    expect(await lie()).toEqual({ inbox: 2, junk: 0 });
    const rows = await sql(database.url, `select judgement->'spam' as spam from message where account_id = ${account}`);
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain('words-loan');
    const now = performance.now.bind(performance);
    const later = vi.spyOn(performance, 'now').mockImplementation(() => now() + 11_000);
    await send(loan()).finally(() => later.mockRestore());
    expect(await lie()).toEqual({ inbox: 2, junk: 1 });
  });

  test('that another filter would let pass is not looked at either where it is off, also later', async () => {
    await sql(database.url, `update mailbox set spam_filter = 'off' where id = ${account}`);
    const plan = (): Promise<string> => send(letter('Max <max@elsewhere.example>', 'Plan', 'Der Plan ist fertig.'));
    await plan();
    const now = performance.now.bind(performance);
    const later = vi.spyOn(performance, 'now').mockImplementation(() => now() + 11_000);
    await plan().finally(() => later.mockRestore());
    const rows = await sql(database.url, `select judgement->'spam' as spam from message where account_id = ${account}`);
    // what the door found out, and nothing that was read in the letter
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain('author-unvouched');
    expect(rows[1]).toEqual(rows[0]);
  });

  test('is none that a script may call tested where the filter is off (RFC 5235 section 3.2)', async () => {
    await sql(database.url, `update mailbox set spam_filter = 'off' where id = ${account}`);
    const content = 'require "spamtest"; if spamtest :is "0" { discard; }';
    await putScript(opened.services.database, account, { scripts: 1, bytes: 1000 }, { name: 'untested', content });
    await activateScript(opened.services.database, account, 'untested');
    await send(loan());
    expect(await lie()).toEqual({ inbox: 0, junk: 0 });
    await sql(database.url, `update mailbox set spam_filter = 'normal' where id = ${account}`);
    const now = performance.now.bind(performance);
    const later = vi.spyOn(performance, 'now').mockImplementation(() => now() + 11_000);
    await send(loan()).finally(() => later.mockRestore());
    expect(await lie()).toEqual({ inbox: 0, junk: 1 });
  });

  test('is believed from somebody whom the mailbox wrote to', async () => {
    await sql(database.url, `insert into correspondent (mailbox_id, address) values (${account}, 'loan@known.example')`);
    // nothing was learnt here, so from now on the mailbox is asked only where its answer may change something
    await send(letter('Max <max@known.example>', 'Plan', 'Der Plan ist fertig.'), 'max@known.example');
    await send(loan('Bank <loan@known.example>'), 'loan@known.example');
    await send(loan('Bank <other@known.example>'), 'loan@known.example');
    expect(await lie()).toEqual({ inbox: 2, junk: 1 });
  });

  test('is not believed for answering another letter of a stranger, only for answering the mailbox or a colleague', async () => {
    const answer = (id: string): string => `In-Reply-To: <${id}>\r\n${loan()}`;
    const colleague = Number(await createAccount(database.url, `kollege${serial}@muster.at`));
    const stored = async (id: string, provenance: Partial<Provenance>, fields = ''): Promise<unknown> =>
      opened.services.store.append(account, INBOX_ID, [
        { ...newMessage(`Message-ID: <${id}>\n${fields}Subject: Plan\n\nText\n`), provenance: { ...unknownProvenance, ...provenance } },
      ]);
    await send(letter('Max <max@elsewhere.example>', 'Plan', 'Der Plan.').replace(/^Message-ID: .*$/m, 'Message-ID: <before@x>'));
    await send(answer('before@x'));
    await send(`References: <invented@x>\r\n${loan()}`);
    await send(answer('invented@x'));
    await stored('customer@x', { origin: 'submitted', submittedBy: 2 ** 40 });
    await send(answer('customer@x'));
    await stored('left@x', { origin: 'appended' }, `${byButton.name}: ${byButton.value}\n`);
    await send(answer('left@x'));
    await stored('filed@x', { origin: 'appended' });
    await send(answer('filed@x'));
    await stored('colleague@x', { origin: 'submitted', submittedBy: colleague });
    await send(answer('colleague@x'));
    const rows = await sql(
      database.url,
      `select judgement->'spam' as spam from message where account_id = ${account} and origin = 'outside' order by message_id`,
    );
    expect(rows.map(({ spam }) => JSON.stringify(spam).includes('answers-letter'))).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
  });
});

describe('by whichever way it comes', () => {
  let worker: Running;
  beforeAll(async () => {
    worker = await startQueue(opened.services);
  });
  afterAll(() => worker.close(2000));
  const prisma = () => openPrisma(database.url, 2);
  const scope = mintCustomerScope({ customerId: customerId(1), role: 'owner', actor: 'user:1', remote: null });
  const to = async (recipient: string, content: string, sender = 'a@primeloan.example'): Promise<string> => {
    const client = await SmtpClient.open(mx.port);
    clients.push(client);
    return (await client.send(sender, [recipient], content)) ?? '';
  };
  const settled = () => eventually('an empty queue', async () => (await sql(database.url, 'select 1 from queue_message')).length === 0);
  const plan = () => letter('Max <max@known.example>', 'Plan', 'Der Plan ist fertig, ich bringe ihn am Dienstag mit.');
  const newsletter = () =>
    letter(
      'Laden <news@known.example>',
      'Nur bis Sonntag: Rabatt',
      'Nur bis Sonntag 30 % Rabatt, gratis Versand, jetzt zuschlagen! https://known.example/s',
    );

  test.each([
    ['a group', 'group'],
    ['a forward', 'forward'],
    ['a catch-all', 'catch_all'],
    ['a subaddress', 'sub'],
  ] as const)('%s: what nobody asked for lies in Junk, and what is wanted does not', async (_, kind) => {
    const database_ = prisma();
    const [local = '', domain = ''] = address.split('@');
    const name = `weg${serial}`;
    if (kind === 'group')
      await setGroup(database_, scope, {
        localPart: name,
        domain,
        name: 'Das Team',
        members: [address],
        posting: 'anyone',
        replyTo: 'group',
        subjectPrefix: '[Team]',
      });
    if (kind === 'forward') await setForward(database_, scope, { localPart: name, domain, targets: [address] });
    if (kind === 'catch_all') await setCatchAll(database_, scope, { domain, targets: [address] });
    await database_.$disconnect();
    const recipient = kind === 'sub' ? `${local}+x@${domain}` : `${name}@${domain}`;
    expect(await to(recipient, loan())).toMatch(/^250 /);
    expect(await to(recipient, loan('Bank <loan@known.example>'), 'loan@known.example')).toMatch(/^250 /);
    expect(await to(recipient, plan(), 'max@known.example')).toMatch(/^250 /);
    expect(await to(recipient, newsletter(), 'news@known.example')).toMatch(/^250 /);
    await settled();
    expect(await lie()).toEqual({ inbox: 2, junk: 2 });
    await sql(database.url, `delete from address where kind <> 'mailbox'`);
  });

  test('what an own filter or forward would pass on stays in Junk', async () => {
    await sql(
      database.url,
      `insert into mailbox_forward (mailbox_id, target, set_by, confirmed_at) values (${account}, 'weg@known.example', 'x', now())`,
    );
    await send(loan());
    await settled();
    expect(await lie()).toEqual({ inbox: 0, junk: 1 });
    expect(await sql(database.url, `select 1 from trace_event where recipient = 'weg@known.example'`)).toEqual([]);
  });

  test('whoever claims to be a list or a colleague in a header is judged as who he is', async () => {
    const listed = loan().replace(
      'Subject:',
      'List-Id: <team.muster.at>\r\nList-Unsubscribe: <https://x.example/u>\r\nPrecedence: list\r\nSubject:',
    );
    await send(listed);
    await send(loan(`"${address}" <x@primeloan.example>`));
    await send(
      loan().replace(
        'Subject:',
        'X-Spam-Status: No\r\nX-Quarantine: released; cause=program\r\nAuthentication-Results: localhost; dmarc=pass\r\nSubject:',
      ),
    );
    expect(await lie()).toEqual({ inbox: 0, junk: 3 });
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
    await opened.services.store.storeFlags(account, INBOX_ID, all, { set: 1n });
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

  test('is bounded: beyond some thousand letters what is old counts half, and words that were seen once are forgotten', async () => {
    await sql(
      database.url,
      `insert into mailbox_spam_token (mailbox_id, token, spam, ham) values (${account}, 0, 4000, 10), (${account}, 77, 100, 0), (${account}, 78, 1, 0)`,
    );
    await send(odd(1), 'news@odd.example');
    await copyAll(INBOX_ID, await junk(), true);
    await learn();
    expect(await tokens()).toMatchObject({ spam: 2000 });
    const rows = await sql(
      database.url,
      `select token::int, spam from mailbox_spam_token where mailbox_id = ${account} and token in (77, 78)`,
    );
    expect(rows).toEqual([{ token: 77, spam: 50 }]);
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
  const known = await readSpamContext(opened.services.database, { account, tokens: features.tokens, author: '', references: [] });
  if (!known) throw new Error('no such mailbox');
  const { letters, tokens: counts, ...rest } = known;
  const { reasons } = scoreLetter(features, { judgement: null, arrival: [] }, { ...rest, counts: { letters, tokens: counts } });
  return reasons.map(({ code }) => code);
}
