import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import {
  forgetFolderNames,
  forgetReferences,
  purgeMailboxes,
  renewTracePartitions,
  sweepMessages,
} from '#mail-server/store/housekeeping-store.ts';
import { INBOX_ID } from '#mail-server/store/mail-store.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { newMessage, openTestProcess, type TestProcess } from '#tests/support/store.ts';

let database: TestDatabase;
let opened: TestProcess;
beforeAll(async () => {
  database = await createTestDatabase();
  opened = openTestProcess(database.url);
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});

type Batch = (query: Parameters<Parameters<typeof opened.database.transaction>[0]>[0]) => Promise<boolean>;
const untilDone = async (batch: Batch): Promise<void> => {
  while (await opened.database.transaction(batch));
};

/** Stands in everything that the mailbox holds. */
const word = 'Zwetschkenknoedelrezept';
const local = 'zwetschke';
const address = `${local}@muster.at`;
const alias = `${local}.zwei@muster.at`;

/** Every table but those of the migrations; partitions are seen through the table they belong to. */
async function tables(): Promise<{ name: string; owner: string | null }[]> {
  const rows = await sql(
    database.url,
    `select c.relname as name, (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attname in ('account_id', 'mailbox_id') limit 1) as owner
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname not like '\\_prisma%' order by 1`,
  );
  return rows.map((row) => ({ name: String(row['name']), owner: row['owner'] === null ? null : String(row['owner']) }));
}

/** Tables in which the text stands, as text or in bytes. */
async function tablesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const { name } of await tables()) {
    const [row] = await sql(
      database.url,
      `select count(*)::int as count from "${name}" t where position($1 in t::text) > 0 or position($2 in t::text) > 0`,
      [text, Buffer.from(text).toString('hex')],
    );
    if (Number(row?.['count']) > 0) found.push(name);
  }
  return found;
}

async function fill(account: AccountId): Promise<void> {
  const { store } = opened;
  await store.append(account, INBOX_ID, [
    newMessage(`Subject: ${word}\nReferences: <a@${word}>\n\n${word}\n`),
    newMessage(`Subject: x\n\n${word}\n`),
  ]);
  const { folderId } = await store.createFolder(account, word);
  await store.copy(account, INBOX_ID, folderId, [[1, 1]], false);
  await store.expunge(account, folderId, [[1, 1]], true);
  const id = [account];
  const put = (text: string) => sql(database.url, text, id);
  await put(`insert into subscription values ($1, '${word}') on conflict do nothing`);
  await put(`insert into account_keyword values ($1, 40, '${word}')`);
  await put(`insert into keyword_set values ($1, 1, '{40}', 'x')`);
  await put(`insert into rule_memory values ($1, '${word}', now())`);
  await put('insert into mailbox_spam_token (mailbox_id, token) values ($1, 1)');
  await put('insert into spam_lesson (account_id, message_id, spam) values ($1, 1, true)');
  await put(`insert into correspondent (mailbox_id, address) values ($1, '${word}@x.at')`);
  await put(`insert into invitation (mailbox_id, event, sequence, stamp) values ($1, '${word}', 1, '${word}')`);
  await put(`insert into picture_sender (mailbox_id, address) values ($1, '${word}@x.at')`);
  await put(`insert into delivery_key values ($1, 'x')`);
  await put(`insert into app_password (mailbox_id, label, hash) values ($1, '${word}', 'x')`);
  await put(
    `insert into app_user (customer_id, email, name, role, mailbox_id) select customer_id, '${address}', '${word}', 'administrator', id from mailbox where id = $1`,
  );
  await put(`insert into web_session (hash, mailbox_id, credential_version, expires_at, program, network)
    values ('x', $1, 1, now() + interval '1 day', '${word}', '${word}')`);
  await put(`insert into upload (id, mailbox_id, name, type) values ('u', $1, '${word}', 'text/plain')`);
  await sql(database.url, `insert into upload_chunk values ('u', 0, '${word}')`);
  await put(`insert into queue_message (account_id, sender, content, size) values ($1, '${address}', '${word}', 5)`);
  await put(
    `insert into trace_event (account_id, customer_id, step, sender, recipient, message_ref) values ($1, 1, 'submitted', '${address}', 'x@y.at', '${word}')`,
  );
  await put(`insert into trace_event (customer_id, step, sender, recipient, message_ref)
    select customer_id, 'stored', 'x@y.at', '${address}', '${word}' from mailbox where id = $1`);
  await put(`insert into identity (mailbox_id, address, name) values ($1, '${address}', '${word}')`);
  await put('insert into mailbox_settings (mailbox_id) values ($1)');
  await put(`insert into outgoing_letter (mailbox_id, letter_id, state, attempt, release_at, letter)
    values ($1, 'l', 'held', 'a', now(), '{"text": "${word}"}')`);
  await put(`insert into sieve_script (account_id, name, content) values ($1, '${word}', '${word}')`);
  await put(`insert into submission_key (account_id, key, queue_id) values ($1, '${word}', 1)`);
  await put(`insert into absence (mailbox_id, text, set_by) values ($1, '${word}', '${address}')`);
  await put(`insert into sender_rule (mailbox_id, sender, verdict) values ($1, '${word}@x.at', 'blocked')`);
  await put(`insert into mailbox_forward (mailbox_id, target, set_by) values ($1, '${word}@x.at', '${address}')`);
  await put(
    `insert into address (domain_id, address, mailbox_id, is_primary) select domain_id, '${alias}', id, false from mailbox where id = $1`,
  );
  await put(`insert into send_as (mailbox_id, address_id) select $1, id from address where address = 'nachbar@muster.at'`);
  await put(
    `insert into address_target (address_id, mailbox_id, set_by) select id, $1, '${address}' from address where address = 'nachbar@muster.at'`,
  );
  const group = `(insert into mail_group (address_id, name) select id, 'x' from address where address = 'nachbar@muster.at' returning address_id)`;
  await put(`with g as ${group} insert into group_moderator select address_id, $1 from g`);
  const withheld = `insert into withheld_letter (customer_id, mailbox_id, expires_at, cause, recipient, subject, shown_author, preview, sender, content, size)`;
  await put(
    `${withheld} select customer_id, id, now(), 'virus', address, '${word}', '${word}', '${word}', 'x@y.at', '${word}', 5 from mailbox where id = $1`,
  );
  await put(
    `${withheld} select customer_id, null, now(), 'moderated', 'x@y.at', '${word}', address, '${word}', address, '${word}', 5 from mailbox where id = $1`,
  );
  await sql(
    database.url,
    `insert into login_throttle (key) values ('pair|${address}|192.0.2.0/24'), ('address|${address}'), ('address|${alias}')`,
  );
  await put(`insert into audit_event (customer_id, actor, action, subject, details)
    select customer_id, 'system', a.action, '${address}', a.details::jsonb from mailbox, (values ('mailbox.renamed', '{"name": "${word}"}'),
      ('sender-rule.set', '{"sender": "${word}@x.at", "verdict": "blocked"}'), ('person.role-set', '{"role": "owner"}')) a (action, details) where id = $1`);
}

test('a purged mailbox leaves nothing in the whole schema but what its customer did, and the next one of its name starts empty', async () => {
  const account = await createAccount(database.url, address);
  const neighbour = await createAccount(database.url, 'nachbar@muster.at');
  await opened.store.append(neighbour, INBOX_ID, [newMessage('Subject: bleibt\n\nText\n')]);
  await fill(account);
  const owned = (await tables()).filter(({ owner }) => owner !== null);
  const rowsOf = async ({ name, owner }: { name: string; owner: string | null }) =>
    Number((await sql(database.url, `select count(*)::int as count from "${name}" where ${owner} = $1`, [account]))[0]?.['count']);
  // a new table without a row here would prove nothing
  for (const table of owned) expect(await rowsOf(table), `${table.name} has a row in this test`).toBeGreaterThan(0);
  expect((await tablesWith(word)).length).toBeGreaterThan(10);
  await sql(database.url, `update mailbox set status = 'deleted', purge_after = now() - interval '1 s' where id = $1`, [account]);
  await untilDone(purgeMailboxes);
  for (const table of owned) expect(await rowsOf(table), table.name).toBe(0);
  expect(await tablesWith(word)).toEqual([]);
  expect(await tablesWith(local)).toEqual(['audit_event']);
  expect(await sql(database.url, `select details from audit_event where action = 'person.role-set'`)).toEqual([
    { details: { role: 'owner' } },
  ]);
  expect((await opened.store.snapshot(neighbour, INBOX_ID)).count).toBe(1);
  const again = await createAccount(database.url, address);
  expect((await opened.store.snapshot(again, INBOX_ID)).count).toBe(0);
});

test('references of threads go with their last message, and those of others stay', async () => {
  const account = await createAccount(database.url, 'faeden@muster.at');
  const letter = (at: number) => newMessage(`Message-ID: <${at}@x.at>\nReferences: <r${at}@x.at>\nSubject: ${at}\n\nText\n`);
  await opened.store.append(
    account,
    INBOX_ID,
    Array.from({ length: 50 }, (_, at) => letter(at)),
  );
  const count = async () =>
    Number((await sql(database.url, 'select count(*)::int as n from thread_reference where account_id = $1', [account]))[0]?.['n']);
  const before = await count();
  expect(before).toBeGreaterThanOrEqual(50);
  await opened.store.expunge(account, INBOX_ID, [[1, 49]], true);
  await untilDone((query) => sweepMessages(query, 0));
  await untilDone(forgetReferences);
  expect(await count()).toBe(before / 50);
});

test('names of folders that were made and deleted are bounded, and UIDVALIDITY never goes back', async () => {
  const account = await createAccount(database.url, 'namen@muster.at');
  const { store } = opened;
  const early = await store.createFolder(account, 'alt');
  let last = 0;
  for (let at = 0; at < 30; at++) {
    last = (await store.createFolder(account, `weg${at}`)).uidvalidity;
    await store.deleteFolder(account, `weg${at}`);
  }
  const rows = () => sql(database.url, 'select name from folder_name where account_id = $1', [account]);
  expect((await rows()).length).toBeGreaterThan(30);
  await untilDone((query) => forgetFolderNames(query, 5));
  expect((await rows()).length).toBeLessThan(20);
  // forgotten by name, but not that it was there
  await store.renameFolder(account, 'alt', 'weg0');
  const renamed = (await store.folders(account)).find(({ name }) => name === 'weg0');
  expect(renamed?.uidvalidity).toBeGreaterThan(last);
  await store.renameFolder(account, 'weg0', 'weg29');
  const known = (await store.folders(account)).find(({ name }) => name === 'weg29');
  expect(known?.uidvalidity).toBeGreaterThan(last);
  await store.deleteFolder(account, 'weg29');
  expect((await store.createFolder(account, 'weg0')).uidvalidity).toBeGreaterThan(renamed?.uidvalidity ?? Number.POSITIVE_INFINITY);
  expect(early.uidvalidity).toBeLessThan(last);
});

test('the trace goes by whole partitions when its time is over, and what is newer stays', async () => {
  await sql(database.url, `create table trace_event_2020_03 partition of trace_event for values from ('2020-01-13') to ('2020-01-20')`);
  await sql(
    database.url,
    `insert into trace_event (at, step, sender, recipient) values ('2020-01-15', 'stored', '', 'old'),
    (now() - interval '400 days', 'stored', '', 'stray'), (now() - interval '20 days', 'stored', '', 'kept'), (now(), 'stored', '', 'new')`,
  );
  await untilDone((query) => renewTracePartitions(query, 30));
  expect(
    await sql(database.url, `select recipient from trace_event where customer_id is null and recipient <> 'x@y.at' order by at`),
  ).toEqual([{ recipient: 'kept' }, { recipient: 'new' }]);
  expect(await sql(database.url, `select 1 from trace_event_other`)).toEqual([]);
});
