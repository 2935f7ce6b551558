import { normalise } from '../search/normalise.ts';
import { int4Array, int8Array } from './postgres/binary-client.ts';
import type { Database, Row, Statement } from './postgres/database.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import type { MatchOptions, SortKeys, TextCriterion } from './mail-store.ts';

type Field = TextCriterion['field'];
const expression: Record<Field, string> = {
  subject: 'subject',
  from: 'sender',
  to: 'recipient',
  cc: 'copied',
  text: 'text',
  body: 'substr(text, body_start)',
};
const fields = Object.keys(expression) as Field[];

const idsPerStatement = 5000;
/** So many times one statement looks for a pattern in a message, at most: it holds its connection for some tenths of a second. */
const looksPerStatement = 500_000;
/** Up to here each criterion is a parameter of a statement of its own shape: the usual searches, of which there are few shapes. */
const fewCriteria = 2;

/**
 * Exact substring search: strpos and not LIKE, so nothing needs escaping and "%" means itself. Scans in slices on the bulk lanes, so that it
 * uses both cores and no slice holds a lane for long.
 */
export async function matchText(
  database: Database,
  account: AccountId,
  messageIds: readonly number[],
  given: readonly TextCriterion[],
  { any = false, signal }: MatchOptions = {},
): Promise<Set<number>> {
  const ids = Array.from(new Set(messageIds)).sort((a, b) => a - b);
  const criteria = normalised(given);
  const found = new Set<number>();
  const wanted = new Set(ids);
  for (const group of any ? groups(criteria) : [criteria]) {
    const left = any ? ids.filter((id) => !found.has(id)) : ids;
    const matches = await Promise.all(slices(left, group.length).map((slice) => scan(database, account, slice, group, any, signal)));
    for (const rows of matches) for (const [id] of rows) if (wanted.has(id as number)) found.add(id as number);
  }
  return found;
}

/** What is asked for twice is looked for once. */
function normalised(criteria: readonly TextCriterion[]): TextCriterion[] {
  const distinct = new Map<string, TextCriterion>();
  for (const { field, pattern } of criteria) {
    const text = normalise(pattern).replaceAll('\0', '');
    distinct.set(`${field} ${text}`, { field, pattern: text });
  }
  return Array.from(distinct.values());
}

/** Alternatives, so many a statement that their number and not the folder's size is what is bounded. */
function groups(criteria: readonly TextCriterion[]): TextCriterion[][] {
  const each = 1000;
  return Array.from({ length: Math.ceil(criteria.length / each) }, (_, index) => criteria.slice(index * each, (index + 1) * each));
}

function slices(ids: readonly number[], criteria: number): number[][] {
  const count = Math.max(100, Math.min(idsPerStatement, Math.floor(looksPerStatement / Math.max(1, criteria))));
  return Array.from({ length: Math.ceil(ids.length / count) }, (_, index) => ids.slice(index * count, (index + 1) * count));
}

function scan(
  database: Database,
  account: AccountId,
  slice: readonly number[],
  criteria: readonly TextCriterion[],
  any: boolean,
  signal?: AbortSignal,
): Promise<Row[]> {
  const low = slice[0] ?? 0;
  const high = slice.at(-1) ?? 0;
  // a dense slice is a range of the key; the few strangers in it are dropped by the caller
  const dense = high - low < slice.length * 2;
  const few = criteria.length <= fewCriteria;
  const patterns = criteria.map(({ pattern }) => pattern);
  const values = few ? patterns : [int4Array(criteria.map(({ field }) => fields.indexOf(field))), patterns];
  const parameters = [account, ...(dense ? [low, high] : [int8Array(slice)]), ...values];
  return database.bulk(few ? fewStatement(criteria, dense, any) : manyStatement(dense, any), parameters, signal);
}

const rangeOf = (dense: boolean): string => (dense ? 'message_id between $2 and $3' : 'message_id = any($2)');

function fewStatement(criteria: readonly TextCriterion[], dense: boolean, any: boolean): Statement {
  const first = dense ? 4 : 3;
  const tests = criteria.map(({ field }, index) => `strpos(${expression[field]}, $${first + index}::text) > 0`);
  return {
    name: `match_text_${dense ? 'dense' : 'any'}_${any ? 'or' : 'and'}_${criteria.map(({ field }) => field).join('_')}`,
    text: `select message_id from message_text where account_id = $1 and ${rangeOf(dense)} and (${tests.join(any ? ' or ' : ' and ')})`,
  };
}

/** One statement for any number of criteria, of two parameters. Texts are unpacked once a message ("offset 0" keeps it so), not once a pattern. */
function manyStatement(dense: boolean, any: boolean): Statement {
  const first = dense ? 4 : 3;
  const cases = fields.map((field, index) => `when ${index} then ${field}_text`).join(' ');
  const test = `strpos(case c.field ${cases} end, c.pattern) ${any ? '>' : '='} 0`;
  return {
    name: `match_texts_${dense ? 'dense' : 'any'}_${any ? 'or' : 'and'}`,
    text: `select m.message_id from (
        select message_id, ${fields.map((field) => `${expression[field]} || '' as ${field}_text`).join(', ')}
        from message_text where account_id = $1 and ${rangeOf(dense)} offset 0) m
      where ${any ? '' : 'not '}exists (select 1 from unnest($${first}::int4[], $${first + 1}::text[]) c(field, pattern) where ${test})`,
  };
}

const keys = {
  name: 'sort_keys',
  text: `select message_id, (extract(epoch from sent_at) * 1000)::bigint, base_subject, sender, recipient, copied
    from message_text where account_id = $1 and message_id = any($2)`,
};

export async function readSortKeys(
  database: Database,
  account: AccountId,
  messageIds: readonly number[],
  signal?: AbortSignal,
): Promise<Map<number, SortKeys>> {
  const found = new Map<number, SortKeys>();
  for (let at = 0; at < messageIds.length; at += idsPerStatement) {
    const rows = await database.bulk(keys, [account, int8Array(messageIds.slice(at, at + idsPerStatement))], signal);
    for (const row of rows) {
      const [messageId, sentMs, baseSubject, from, to, cc] = row as [number, number | null, string, string, string, string];
      found.set(messageId, { messageId, sentMs, baseSubject, from, to, cc });
    }
  }
  return found;
}
