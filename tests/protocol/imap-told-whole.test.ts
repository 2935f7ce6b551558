import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { Flag, INBOX_ID, type MailStore } from '#mail-server/store/mail-store.ts';
import { StoreError } from '#mail-server/store/store-error.ts';
import { startImapTestServer, type ImapTestServer } from '#tests/support/imap-server.ts';
import type { TestImap } from '#tests/support/imap-client.ts';
import { newMessage } from '#tests/support/store.ts';

// What a session is told of its folder comes whole and in order, whatever fails or happens in the middle of it: a client that misses one EXPUNGE
// or hears it too early means another message than we do from then on.

let server: ImapTestServer;
let store: MailStore;
let real: MailStore;
let client: TestImap;
let account: AccountId;
let mailbox = 0;

beforeAll(async () => {
  server = await startImapTestServer();
  store = server.process.store;
  real = { ...store };
});
afterAll(() => server.close());

/** A mailbox with three messages, open in one session. */
beforeEach(async () => {
  const address = `ganz${++mailbox}@muster.at`;
  account = await server.addMailbox(address);
  await put(3);
  client = await server.login(address);
  await client.ok('SELECT INBOX');
  return () => {
    client.end();
    Object.assign(store, real);
  };
});

const put = (count: number) =>
  real.append(
    account,
    INBOX_ID,
    Array.from({ length: count }, (_, at) => newMessage(`Subject: ${at}\n\nx\n`)),
  );
const remove = (uid: number) => real.expunge(account, INBOX_ID, [[uid, uid]], true);
const away = () => Promise.reject(new StoreError('Unavailable'));

test.each(['claimRecent', 'keywordSets'] as const)(
  'is told with the next command, where the store was away in the middle of it (%s)',
  async (what) => {
    await put(1);
    await remove(2);
    await real.storeFlags(account, INBOX_ID, [[1, 1]], {
      set: Flag.Flagged,
      keywords: { add: [`neu${mailbox}`], remove: [], replace: false },
    });
    store[what] = away;
    const before = await client.command('NOOP');
    Object.assign(store, real);
    const after = await client.ok('NOOP');
    const told = [...before.untagged, ...after.untagged];
    expect(told.filter((line) => / (EXISTS|EXPUNGE)$/.test(line))).toEqual(['2 EXPUNGE', '3 EXISTS']);
    expect(told.filter((line) => line.startsWith('1 FETCH'))).toEqual([expect.stringMatching(/\\Flagged neu\d+/)]);
  },
);

test('IDLE goes on where the store is away at its beginning, and the commands behind it are answered', async () => {
  store.snapshot = away;
  client.send('i IDLE\r\n');
  expect((await client.line()).text).toMatch(/^\+/);
  Object.assign(store, real);
  await put(1);
  expect((await client.line()).text).toBe('* 4 EXISTS');
  client.send('DONE\r\nn NOOP\r\n');
  expect((await client.answer('i')).status).toBe('OK');
  expect((await client.answer('n')).status).toBe('OK');
});

test('nothing more is read for a client whose folder was deleted by another session', async () => {
  await client.ok('CREATE Weg');
  await client.ok('COPY 1:3 Weg');
  await client.ok('SELECT Weg');
  await real.deleteFolder(account, 'Weg');
  let read = 0;
  store.readMessages = (...args) => {
    read++;
    return real.readMessages(...args);
  };
  client.send('f UID FETCH 1:* BODY.PEEK[]\r\n');
  expect((await client.closed()).map((line) => line.split(' ', 2).join(' '))).toEqual(['* BYE']);
  expect(read).toBe(0);
});

test('SELECT that ends in NO leaves no folder open', async () => {
  await client.ok('ENABLE IMAP4rev2');
  store.folders = away;
  expect((await client.command('SELECT INBOX')).status).toBe('NO');
  expect((await client.command('CLOSE')).status).toBe('BAD');
});

/** Holds back what is asked until it is let go. */
function hold(what: 'claimRecent' | 'cachedSnapshot' | 'snapshot'): () => void {
  let release = (): void => undefined;
  const free = new Promise<void>((resolve) => {
    release = resolve;
  });
  let answer: Promise<unknown> | null = null;
  const held = (...args: [AccountId, number]) => {
    // what is asked at the same moment has one answer
    answer ??= free.then((): Promise<unknown> => real[what](...args)).finally(() => Object.assign(store, { [what]: real[what] }));
    return answer;
  };
  Object.assign(store, { [what]: held });
  return release;
}

test.each([
  ['beginning', 'snapshot'],
  ['end', 'cachedSnapshot'],
] as const)('IDLE tells one thing after the other, also at its %s', async (when, picture) => {
  if (when === 'end') {
    client.send('i IDLE\r\n');
    await client.line();
  }
  const releasePictures = hold(picture);
  const releaseClaims = hold('claimRecent');
  client.send(when === 'end' ? 'DONE\r\n' : 'i IDLE\r\n');
  if (when === 'beginning') await client.line();
  const aMoment = 100; // time enough to tell it too early
  await sleep(aMoment);
  await put(1);
  await sleep(aMoment);
  if (when === 'end') releasePictures();
  await sleep(aMoment);
  await remove(4);
  releasePictures();
  await sleep(aMoment);
  releaseClaims();
  client.send(when === 'end' ? 'n NOOP\r\n' : 'DONE\r\nn NOOP\r\n');
  let known = 3;
  const told = [...(await client.answer('i')).untagged, ...(await client.answer('n')).untagged];
  for (const [, number, what] of told.map((line) => line.split(/^(\d+) /))) {
    if (what === 'EXPUNGE') expect(Number(number), told.join(', ')).toBeLessThanOrEqual(known--);
    if (what === 'EXISTS') known = Number(number);
  }
  expect(known, told.join(', ')).toBe(3);
});
