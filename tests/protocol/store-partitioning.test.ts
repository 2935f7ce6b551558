import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { createAccount } from '#tests/support/accounts.ts';

// Every key of a mail table begins with account_id, so that the tables can be spread over many nodes. Here they are hash-partitioned by
// account, and auto_explain shows the plan of every statement inside the store's functions: none may touch more than one partition.

const tables = [
  'account_counter',
  'account_keyword',
  'keyword_set',
  'folder',
  'folder_name',
  'subscription',
  'folder_counter',
  'message',
  'message_text',
  'folder_message',
  'thread_reference',
  'delivery_key',
  'sweep_candidate',
];
const partitions = 4;

let database: TestDatabase;
let client: pg.Client;
let plans: string[] = [];
let account: number;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  for (const table of tables) {
    await client.query(`create table spread (like ${table} including all) partition by hash (account_id)`);
    for (let part = 0; part < partitions; part++)
      await client.query(`create table ${table}_h${part} partition of spread for values with (modulus ${partitions}, remainder ${part})`);
    await client.query(`drop table ${table} cascade`);
    await client.query(`alter table spread rename to ${table}`);
  }
  account = await createAccount(database.url, 'max@muster.at');
  await client.query(`load 'auto_explain'`);
  await client.query(
    `set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set auto_explain.log_level = 'notice';
     set client_min_messages = 'notice'`,
  );
  client.on('notice', (notice) => plans.push(notice.message ?? ''));
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** Partitions of the mail tables that one plan reads or writes: "folder_message" → {h1}. */
function touched(plan: string): Map<string, Set<string>> {
  const byTable = new Map<string, Set<string>>();
  for (const match of plan.matchAll(/ on (?:public\.)?([a-z_]+)_(h\d)\b/g)) {
    const [, table = '', part = ''] = match;
    byTable.set(table, (byTable.get(table) ?? new Set()).add(part));
  }
  return byTable;
}

const appended = (uidOf: string) =>
  `select ${uidOf} from append_message($1, 1, 'k'::bytea || gen_random_uuid()::text::bytea, 0, now(), 3, 'h', 'e', 'b', 's', '[]', '', 'x', 0::smallint,
     null, 'betreff', 'betreff', 'von', 'an', '', 'text', 1, '{1,2}')`;

test.each<[string, string]>([
  ['append_message', appended('o_uid')],
  ['append_message again, in the same thread', appended('o_thread_id')],
  ['store_flags', `select o_modseq from store_flags($1, 1, '{1}', '{9}', 1, 0, 99)`],
  ['copy_messages', `select o_modseq from copy_messages($1, 1, 2, '{1}', '{1}', false)`],
  ['copy_messages as MOVE', `select o_modseq from copy_messages($1, 2, 3, '{1}', '{9}', true)`],
  ['expunge_messages', `select o_modseq from expunge_messages($1, 3, '{1}', '{9}', true)`],
  ['create_folder', `select o_folder_id from create_folder($1, 'A/B', null)`],
  ['rename_folder', `select rename_folder($1, 'A', 'C')`],
  ['delete_folder', `select delete_folder($1, 'C/B')`],
  ['folder_changes', `select o_modseq from folder_changes($1, 1, 1)`],
  ['store_flags with keywords', `select o_modseq from store_flags($1, 1, '{1}', '{9}', 0, 0, null, '{wichtig}', '{nie}')`],
  ['forget_keywords', `select forget_keywords($1, '{}', 9)`],
  ['claim_recent', 'select claim_recent($1, 1)'],
  ['sweep_account_some', `select sweep_account_some($1, now() + interval '1 hour', 1000)`],
  ['a body by its key', 'select content from message where account_id = $1 and message_id = 1'],
  ['envelopes by their keys', `select envelope from message where account_id = $1 and message_id = any('{1,2}'::bigint[])`],
  ['a substring search', `select message_id from message_text where account_id = $1 and strpos(text, 'ext') > 0`],
  ['a snapshot', `select string_agg(int4send(uid), '' order by uid) from folder_message where account_id = $1 and folder_id = 1`],
])('%s is routed to exactly one partition of each table', async (_name, statement) => {
  plans = [];
  await client.query({ text: statement.replaceAll('$1', String(account)) });
  const seen = plans.flatMap((plan) => [...touched(plan)]);
  expect(seen.length).toBeGreaterThan(0);
  for (const [table, parts] of seen) expect({ table, parts: [...parts] }).toMatchObject({ parts: { length: 1 } });
});

test('the check has teeth: a statement that forgets the account is seen in all partitions', async () => {
  plans = [];
  await client.query('select count(*) from folder_message');
  expect(touched(plans.join('\n')).get('folder_message')?.size).toBe(partitions);
});
