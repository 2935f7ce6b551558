import { dropSome } from './drop-some.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import { byButton } from '../../lib/targets/by-button.ts';
import { askTogether } from './postgres/ask-together.ts';
import { int8Array } from './postgres/binary-client.ts';
import type { Database, Query } from './postgres/database.ts';

/** What a mailbox knows of a letter's author and words. */
export interface SpamContext {
  mode: 'strict' | 'normal' | 'off';
  wroteTo: boolean;
  isColleague: boolean;
  /** it answers a letter of a conversation in which the mailbox or a colleague wrote */
  answersOwn: boolean;
  /** letters that were learnt: [is the customer's, spam, ham] */
  letters: [shared: boolean, spam: number, ham: number][];
  tokens: [shared: boolean, token: number, spam: number, ham: number][];
}

const modes = ['off', 'normal', 'strict'] as const;
/** the row of this token counts letters */
const allLetters = 0;

// Whoever sends two letters can have the one answer the other: only a conversation in which the house wrote speaks for what comes in it. Of a very
// long one a thousand are looked at, whichever: where none of them is the house's, nothing speaks. Nor does the copy of what went at the press of a button:
// a list that was left is none that was written to.
const answersOwn = (references: string) => `exists (select 1 from
      (select distinct r.thread_id from thread_reference r where r.account_id = m.id and r.reference = any (${references})) t
      cross join lateral (select n.origin, n.judgement, n.header from message n where n.account_id = m.id and n.thread_id = t.thread_id limit 1000) n
    where n.origin = 'appended' and position('${byButton.name}:'::bytea in n.header) = 0 or n.origin = 'submitted'
      and exists (select 1 from mailbox o where o.id = (n.judgement->>'submittedBy')::bigint and o.customer_id = m.customer_id))`;
const ofMailbox = (author: string, references: string) => `array_position(array['off', 'normal', 'strict'], m.spam_filter::text) - 1,
      exists (select 1 from correspondent c where c.mailbox_id = m.id and c.address = ${author} and c.by_hand)::int
        + 2 * exists (select 1 from address a join domain d on d.id = a.domain_id where a.address = ${author} and d.customer_id = m.customer_id)::int
        + 4 * ${answersOwn(references)}::int`;
const untaught = {
  name: 'spam_untaught',
  text: `select asked.letter, ${ofMailbox('asked.author', 'array(select reference from unnest($4::int8[], $5::int8[]) r(letter, reference) where r.letter = asked.letter)')}
    from unnest($1::int8[], $2::int8[], $3::text[]) asked(letter, account, author) join mailbox m on m.id = asked.account`,
};
const context = {
  name: 'spam_context',
  text: `select 0, 0::int8, ${ofMailbox('$3', '$4')} from mailbox m where m.id = $1
    union all select 1, token, spam, ham from mailbox_spam_token where mailbox_id = $1 and token = any ($2)
    union all select 2, token, spam, ham from customer_spam_token
      where customer_id = (select customer_id from mailbox where id = $1) and token = any ($2)`,
};
const lessons = {
  name: 'spam_lessons',
  text: `select l.account_id, l.message_id, l.spam, l.learnt, m.customer_id from spam_lesson l join mailbox m on m.id = l.account_id
    where l.due_at is not null order by l.due_at limit $1 for update of l skip locked`,
};
const learnt = {
  name: 'spam_learnt',
  text: `update spam_lesson set learnt = spam, due_at = null where account_id = $1 and message_id = any ($2)`,
};
const counted = (table: string, owner: string) => ({
  name: `spam_count_${owner}`,
  text: `insert into ${table} (${owner}, token, spam, ham)
    select $1, token, greatest(0, $3), greatest(0, $4) from unnest($2::int8[]) token order by token
    on conflict (${owner}, token) do update set spam = greatest(0, ${table}.spam + $3), ham = greatest(0, ${table}.ham + $4)`,
});
const count = { mailbox: counted('mailbox_spam_token', 'mailbox_id'), customer: counted('customer_spam_token', 'customer_id') };
const total = (table: string, owner: string) => ({
  name: `spam_total_${owner}`,
  text: `select spam, ham from ${table} where ${owner} = $1 and token = 0`,
});
const totals = { mailbox: total('mailbox_spam_token', 'mailbox_id'), customer: total('customer_spam_token', 'customer_id') };
const halved = (table: string, owner: string) => ({
  name: `spam_halve_${owner}`,
  text: `with fewer as (update ${table} set spam = spam / 2, ham = ham / 2 where ${owner} = $1 and spam + ham > 1)
    delete from ${table} where ${owner} = $1 and spam + ham <= 1`,
});
const halve = { mailbox: halved('mailbox_spam_token', 'mailbox_id'), customer: halved('customer_spam_token', 'customer_id') };
const wanted = {
  name: 'spam_wanted',
  text: `insert into spam_lesson (account_id, message_id, spam)
    select $1, m.message_id, false from (
      select f.message_id from folder_message f join folder o using (account_id, folder_id)
      where f.account_id = $1 and f.flags & 1 = 1 and f.flags & 8 = 0 and coalesce(o.special_use, '') not in ('\\Junk', '\\Trash', '\\Drafts', '\\Sent')
      order by f.message_id desc limit 200) f
      join message m on m.account_id = $1 and m.message_id = f.message_id and m.origin in ('outside', 'lmtp', 'unknown')
    limit $2 on conflict do nothing`,
};

interface Question {
  account: AccountId;
  /** null: nothing was learnt that they could be looked up in */
  tokens: readonly number[] | null;
  /** lower case, '' for none */
  author: string;
  /** the letters that it answers */
  references: readonly bigint[];
}

const contextOf = (mode: unknown, known: unknown): SpamContext => ({
  mode: modes[Number(mode)] ?? 'normal',
  wroteTo: (Number(known) & 1) !== 0,
  isColleague: (Number(known) & 2) !== 0,
  answersOwn: (Number(known) & 4) !== 0,
  letters: [],
  tokens: [],
});

const askUntaught = askTogether<Question, SpamContext>(async (database, all) => {
  const references = all.flatMap(({ references: of }, letter) => of.map((reference) => ({ letter, reference })));
  const rows = await database.read(untaught, [
    int8Array(all.map((_, letter) => letter)),
    int8Array(all.map(({ account }) => account)),
    all.map(({ author }) => author),
    int8Array(references.map(({ letter }) => letter)),
    int8Array(references.map(({ reference }) => reference)),
  ]);
  const found = new Map(rows.map(([letter, mode, known]) => [Number(letter), contextOf(mode, known)]));
  return new Map(
    all.flatMap((question, letter): [Question, SpamContext][] => {
      const context = found.get(letter);
      return context ? [[question, context]] : [];
    }),
  );
});

/** Everything in one round trip. */
export async function readSpamContext(database: Database, question: Question): Promise<SpamContext | null> {
  const { account, tokens, author, references } = question;
  const known = tokens ? undefined : await askUntaught(database, question);
  if (known) return known;
  const rows = await database.read(context, [account, int8Array([allLetters, ...(tokens ?? [])]), author, int8Array(references)]);
  const found = rows.find(([kind]) => kind === 0);
  if (!found) return null;
  const read = contextOf(found[2], found[3]);
  for (const [kind, token, spam, ham] of rows) {
    const shared = kind === 2;
    if (kind === 0) continue;
    if (token === allLetters) read.letters.push([shared, Number(spam), Number(ham)]);
    else read.tokens.push([shared, Number(token), Number(spam), Number(ham)]);
  }
  return read;
}

export interface Lesson {
  account: AccountId;
  customerId: number;
  messageId: number;
  spam: boolean;
  /** what was learnt from this letter before */
  learnt: boolean | null;
}

/** Lessons that are to be learnt, locked for this transaction; the oldest first. */
export async function takeLessons(query: Query, limit: number): Promise<Lesson[]> {
  return (await query(lessons, [limit])).map(([account, messageId, spam, before, customerId]) => ({
    account: Number(account) as AccountId,
    messageId: Number(messageId),
    spam: spam === true,
    learnt: typeof before === 'boolean' ? before : null,
    customerId: Number(customerId),
  }));
}

export const markLearnt = async (query: Query, account: AccountId, messageIds: readonly number[]): Promise<void> => {
  await query(learnt, [account, int8Array(messageIds)]);
};

/** Adds to what was learnt of words (and takes back, with negative numbers), for the mailbox and for its customer. */
export async function countTokens(
  query: Query,
  { account, customerId }: Pick<Lesson, 'account' | 'customerId'>,
  tokens: readonly number[],
  spam: number,
  ham: number,
): Promise<void> {
  const all = int8Array([allLetters, ...tokens]);
  await query(count.mailbox, [account, all, spam, ham]);
  await query(count.customer, [customerId, all, spam, ham]);
}

/** What was learnt long ago weighs less and less, and the tables stay small. */
export async function halveWhenMany(
  query: Query,
  { account, customerId }: Pick<Lesson, 'account' | 'customerId'>,
  most: number,
): Promise<void> {
  for (const [kind, owner] of [
    ['mailbox', account],
    ['customer', customerId],
  ] as const) {
    const [row] = await query(totals[kind], [owner]);
    if (row && Math.max(Number(row[0]), Number(row[1])) > most) await query(halve[kind], [owner]);
  }
}

/** What was read and left where it is, was wanted: without such letters nobody could tell which words mean something. */
export async function learnWanted(query: Query, account: AccountId, most: number): Promise<void> {
  await query(wanted, [account, most]);
}

export async function countLearnt(query: Query, account: AccountId): Promise<{ spam: number; ham: number }> {
  const [row] = await query(totals.mailbox, [account]);
  return { spam: Number(row?.[0] ?? 0), ham: Number(row?.[1] ?? 0) };
}

/** Housekeeping. True: there is more. */
export const dropOldLessons = dropSome('spam_drop_lessons', 'spam_lesson', `at < now() - interval '180 days'`);
