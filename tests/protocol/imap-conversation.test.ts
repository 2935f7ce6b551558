import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { signMailboxToken } from '#lib/auth/mailbox-token.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { openDirectory } from '#mail-server/store/directory.ts';
import { readMessages } from '#mail-server/store/read-messages.ts';
import { startImapTestServer, type ImapTestServer } from '#tests/support/imap-server.ts';

let server: ImapTestServer;
let account: AccountId;
const address = parseEmailAddress('max@muster.at');

beforeAll(async () => {
  server = await startImapTestServer();
  account = await server.addMailbox('max@muster.at');
});
afterAll(() => server.close());

const deliver = (fields: string, text: string) => {
  const raw = Buffer.from(`From: a@extern.example\r\nSubject: Faden\r\n${fields}\r\n\r\n${text}\r\n`);
  return server.process.store.deliver(account, { raw, index: indexMessage(raw), flags: 0n, receivedMs: null }, null);
};
const webSession = async () => {
  if (!address) throw new Error('no address');
  const { credentialVersion = 0 } = (await openDirectory(server.process.database).login(address)) ?? {};
  const token = await signMailboxToken({ address, accountId: account, credentialVersion }, server.secret, 60);
  const client = await server.connect();
  await client.ok(`AUTHENTICATE OAUTHBEARER ${Buffer.from(`n,a=${address},\u0001auth=Bearer ${token}\u0001\u0001`).toString('base64')}`);
  return client;
};
const placesOf = (lines: readonly string[]): [string, number, string][] => {
  const json = /X-POSTAMT-CONVERSATION "((?:[^"\\]|\\.)*)"/.exec(lines.join('\n'))?.[1]?.replace(/\\(.)/g, '$1');
  return JSON.parse(json ?? 'null');
};

test('our own web learns where all letters of a conversation lie, and which of them are the same', async () => {
  await deliver('Message-ID: <eins@x.example>', 'eins');
  await deliver('Message-ID: <zwei@x.example>\r\nReferences: <eins@x.example>', 'zwei');
  await deliver('Message-ID: <drei@x.example>\r\nReferences: <eins@x.example>', 'drei');
  // one Message-ID, another text: its sender's word is no proof
  await deliver('Message-ID: <zwei@x.example>\r\nReferences: <eins@x.example>', 'etwas anderes');
  const client = await webSession();
  await client.ok('CREATE Kunden/Meier');
  await client.ok('SELECT INBOX');
  await client.ok('COPY 1 Archive');
  await client.ok('MOVE 3 Kunden/Meier');
  await client.ok('SELECT INBOX');
  const places = placesOf((await client.ok('FETCH 1 (X-POSTAMT-CONVERSATION)')).untagged);
  expect(places.map(([folder, uid]) => `${folder} ${uid}`)).toEqual(['INBOX 1', 'Archive 1', 'INBOX 2', 'Kunden/Meier 1', 'INBOX 4']);
  const letters = places.map(([, , letter]) => letter);
  expect(letters[0]).toBe(letters[1]);
  expect(new Set(letters).size).toBe(4);
  await client.ok('STORE 2 +FLAGS (\\Deleted)');
  const without = placesOf((await client.ok('FETCH 1 (X-POSTAMT-CONVERSATION)')).untagged);
  expect(without.map(([folder, uid]) => `${folder} ${uid}`)).not.toContain('INBOX 2');
});

test('of a mailbox that was filled since Postgres last counted its rows, a page reads its own conversations and not all letters for each', async () => {
  const { database, store } = server.process;
  const fill = async (to: AccountId) => {
    for (let number = 0; number < 120; number++) {
      const raw = Buffer.from(`From: a@extern.example\r\nMessage-ID: <${number}@${to}.example>\r\nSubject: Nummer\r\n\r\nText\r\n`);
      await store.deliver(to, { raw, index: indexMessage(raw), flags: 0n, receivedMs: null }, null);
    }
  };
  await fill(await server.addMailbox('erika@muster.at'));
  await database.write({ name: 'count_rows', text: 'analyze message, folder_message, folder' });
  const filled = await server.addMailbox('neu@muster.at');
  await fill(filled);
  const page = Array.from({ length: 50 }, (_, at) => at + 71);
  await database.transaction(async (query) => {
    await query({ name: 'as_of_this_mailbox', text: 'set local plan_cache_mode = force_custom_plan' });
    const rows = [];
    for await (const chunk of readMessages({ ...database, bulk: query }, filled, page, ['conversation'])) rows.push(...chunk);
    expect(rows).toHaveLength(50);
    const [[read] = []] = await query({
      name: 'rows_read',
      text: `select sum(seq_tup_read + idx_tup_fetch)::int from pg_stat_xact_user_tables where relname in ('message', 'folder_message', 'folder')`,
    });
    expect(read).toBeLessThan(2000);
  });
});

test('to other programs the item does not exist', async () => {
  const client = await server.login('max@muster.at');
  await client.ok('SELECT INBOX');
  expect((await client.command('FETCH 1 (UID X-POSTAMT-CONVERSATION)')).status).toBe('BAD');
});
