import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { ensureCertificates } from '#lib/launcher/certificates.ts';
import type { MailboxIdentity } from '#lib/webmail/connection/mailbox-identity.ts';
import type { Filter } from '#lib/webmail/filters/filter.ts';
import { readFilters, saveFilters, saveScriptText } from '#lib/webmail/filters/mailbox-filters.ts';
import { withSieve } from '#lib/webmail/filters/sieve-client.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { firstMessage, startMailProcess } from '#tests/support/mail-process.ts';
import { reservePortOffset } from '#tests/support/ports.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { testSecret } from '#tests/support/services.ts';

let database: TestDatabase;
let directory: string;
let certificates: Awaited<ReturnType<typeof ensureCertificates>>;
let portOffset: number;
let mailbox: MailboxIdentity;
let serial = 0;
const stops = 'stop;\n';

beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'postamt-filters-'));
  [certificates, portOffset] = [await ensureCertificates(directory, 'localhost'), await reservePortOffset()];
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    POSTAMT_SECRET: testSecret,
    POSTAMT_HOST: 'localhost',
    POSTAMT_PORT_OFFSET: String(portOffset),
    POSTAMT_TLS_CA: certificates.ca,
  });
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await database.drop();
});
beforeEach(async () => {
  expect(await firstMessage(startMailProcess({ databaseUrl: database.url, certificates, portOffset }))).toMatchObject({ type: 'ready' });
  const address = parseEmailAddress(`max${++serial}@muster.at`);
  if (!address) throw new Error('not an address');
  const mailboxId = await createAccount(database.url, address);
  mailbox = { mailboxId, address, name: 'Max', locale: 'de', credentialVersion: 1, sessionId: null };
});

test('rules that are first written as text are asked about letters from then on', async () => {
  const before = await readFilters(mailbox);
  const { state, problem } = await saveScriptText(mailbox, { own: true, version: before.version, text: stops });
  expect({ problem, active: state.active, text: state.text }).toEqual({ problem: null, active: true, text: stops });
});

test('of two windows that save at once one hears of the other, and neither takes the other’s rule away', async () => {
  const { version } = await readFilters(mailbox);
  const filter = (name: string): Filter => ({ kind: 'filter', name, on: true, join: 'all', conditions: [], actions: [{ kind: 'read' }] });
  const names = ['Eins', 'Zwei', 'Drei', 'Vier'];
  const saved = await Promise.all(names.map((name) => saveFilters(mailbox, { version, items: [filter(name)], takeOver: 'ask' })));
  expect(saved.map(({ problem }) => problem).toSorted()).toEqual(['changed', 'changed', 'changed', null]);
  const { items } = await readFilters(mailbox);
  expect(items).toEqual([filter(names[saved.findIndex(({ problem }) => problem === null)] ?? '')]);
});

test('a text that is written beside the active script of another editor leaves that one active', async () => {
  await withSieve(mailbox, async (client) => {
    await client.put('andere', 'keep;\n');
    await client.activate('andere');
  });
  const before = await readFilters(mailbox);
  const { state } = await saveScriptText(mailbox, { own: true, version: before.version, text: stops });
  expect({ active: state.active, foreign: state.foreign?.name, text: state.text }).toEqual({
    active: false,
    foreign: 'andere',
    text: stops,
  });
});
