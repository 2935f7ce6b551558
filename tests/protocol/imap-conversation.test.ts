import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { signMailboxToken } from '#lib/auth/mailbox-token.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { openDirectory } from '#mail-server/store/directory.ts';
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

test('to other programs the item does not exist', async () => {
  const client = await server.login('max@muster.at');
  await client.ok('SELECT INBOX');
  expect((await client.command('FETCH 1 (UID X-POSTAMT-CONVERSATION)')).status).toBe('BAD');
});
