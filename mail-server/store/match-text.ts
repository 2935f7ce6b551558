import { normalise } from '../search/normalise.ts';
import { int8Array } from './binary-client.ts';
import type { Database, Statement } from './database.ts';
import type { AccountId, SortKeys, TextCriterion } from './types.ts';

const expression: Record<TextCriterion['field'], (parameter: string) => string> = {
  subject: (parameter) => `strpos(subject, ${parameter}) > 0`,
  from: (parameter) => `strpos(sender, ${parameter}) > 0`,
  to: (parameter) => `strpos(recipient, ${parameter}) > 0`,
  cc: (parameter) => `strpos(copied, ${parameter}) > 0`,
  text: (parameter) => `strpos(text, ${parameter}) > 0`,
  body: (parameter) => `strpos(substr(text, body_start), ${parameter}) > 0`,
};
const statements = new Map<string, Statement>();
const idsPerStatement = 5000;

/**
 * Exact substring search: strpos and not LIKE, so nothing needs escaping and "%" means itself. Scans in slices of 5,000 messages on the
 * bulk lanes, two at once, so that it uses both cores and no slice holds a lane for long.
 */
export async function matchText(
  database: Database,
  account: AccountId,
  messageIds: readonly number[],
  criteria: readonly TextCriterion[],
): Promise<Set<number>> {
  const ids = Array.from(new Set(messageIds)).sort((a, b) => a - b);
  const patterns = criteria.map((criterion) => normalise(criterion.pattern).replaceAll('\0', ''));
  const slices: number[][] = [];
  for (let at = 0; at < ids.length; at += idsPerStatement) slices.push(ids.slice(at, at + idsPerStatement));
  const wanted = new Set(ids);
  const matches = await Promise.all(
    slices.map(async (slice) => {
      const low = slice[0] ?? 0;
      const high = slice.at(-1) ?? 0;
      // a dense slice is a range of the key; the few strangers in it are dropped below
      const dense = high - low < slice.length * 2;
      const statement = statementFor(criteria, dense);
      return database.bulk(statement, [account, ...(dense ? [low, high] : [int8Array(slice)]), ...patterns]);
    }),
  );
  const found = new Set<number>();
  for (const rows of matches) for (const [id] of rows) if (wanted.has(id as number)) found.add(id as number);
  return found;
}

function statementFor(criteria: readonly TextCriterion[], dense: boolean): Statement {
  const shape = `${dense ? 'dense' : 'any'}:${criteria.map((criterion) => criterion.field).join(',')}`;
  let statement = statements.get(shape);
  if (!statement) {
    const first = dense ? 4 : 3;
    const tests = criteria.map((criterion, index) => expression[criterion.field](`$${first + index}::text`));
    const range = dense ? 'message_id between $2 and $3' : 'message_id = any($2)';
    statement = {
      name: `match_text_${statements.size}`,
      text: `select message_id from message_text where ${['account_id = $1', range, ...tests].join(' and ')}`,
    };
    statements.set(shape, statement);
  }
  return statement;
}

const keys = {
  name: 'sort_keys',
  text: `select message_id, (extract(epoch from sent_at) * 1000)::bigint, base_subject, sender, recipient, copied
    from message_text where account_id = $1 and message_id = any($2)`,
};

export async function readSortKeys(database: Database, account: AccountId, messageIds: readonly number[]): Promise<Map<number, SortKeys>> {
  const found = new Map<number, SortKeys>();
  for (let at = 0; at < messageIds.length; at += idsPerStatement) {
    const rows = await database.bulk(keys, [account, int8Array(messageIds.slice(at, at + idsPerStatement))]);
    for (const row of rows) {
      const [messageId, sentMs, baseSubject, from, to, cc] = row as [number, number | null, string, string, string, string];
      found.set(messageId, { messageId, sentMs, baseSubject, from, to, cc });
    }
  }
  return found;
}
