import { afterAll, beforeAll, expect, test } from 'vitest';
import { signMailboxToken } from '#lib/auth/mailbox-token.ts';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import type { Provenance } from '#lib/mime/judgement.ts';
import { openDirectory } from '#mail-server/store/directory.ts';
import { startImapTestServer, type ImapTestServer } from '#tests/support/imap-server.ts';

let server: ImapTestServer;
let account: AccountId;
const address = parseEmailAddress('max@muster.at');
const provenance: Provenance = {
  origin: 'outside',
  author: 'chef@bank.example',
  judgement: {
    verdict: 'attested',
    spf: { result: 'pass', domain: 'bank.example' },
    dkim: [{ result: 'pass', domain: 'bank.example', selector: 's1' }],
    dmarc: [{ result: 'pass', domain: 'bank.example', policy: 'reject' }],
    arc: null,
  },
  submittedBy: null,
};

beforeAll(async () => {
  server = await startImapTestServer();
  account = await server.addMailbox('max@muster.at');
  const raw = Buffer.from('From: chef@bank.example\r\n\r\nx\r\n');
  await server.process.store.deliver(account, { raw, index: indexMessage(raw), flags: 0n, receivedMs: null, provenance }, null);
});
afterAll(() => server.close());

test('our own web reads what was found out about a letter', async () => {
  if (!address) throw new Error('no address');
  const { credentialVersion = 0 } = (await openDirectory(server.process.database).login(address)) ?? {};
  const token = await signMailboxToken({ address, accountId: account, credentialVersion }, server.secret, 60);
  const client = await server.connect();
  await client.ok(`AUTHENTICATE OAUTHBEARER ${Buffer.from(`n,a=${address},\u0001auth=Bearer ${token}\u0001\u0001`).toString('base64')}`);
  await client.ok('SELECT INBOX');
  const answer = await client.command('FETCH 1 (UID X-POSTAMT-JUDGEMENT FLAGS)');
  expect(answer.status).toBe('OK');
  const json = /X-POSTAMT-JUDGEMENT "((?:[^"\\]|\\.)*)" FLAGS/.exec(answer.untagged.join('\n'))?.[1]?.replace(/\\(.)/g, '$1');
  expect(JSON.parse(json ?? 'null')).toEqual(provenance);
});

test('to other programs the item does not exist', async () => {
  const client = await server.login('max@muster.at');
  await client.ok('SELECT INBOX');
  expect((await client.command('FETCH 1 (UID X-POSTAMT-JUDGEMENT)')).status).toBe('BAD');
});
