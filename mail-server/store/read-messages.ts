import { zstdDecompressSync } from 'node:zlib';
import { readProvenance } from '../../lib/mime/judgement.ts';
import { Codec } from './append-messages.ts';
import { int8Array } from './postgres/binary-client.ts';
import type { Database, Query, Row, Statement } from './postgres/database.ts';
import { StoreError } from './store-error.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import type { MessageColumn, StoredMessage } from './mail-store.ts';

/** Newer ones of a longer conversation. */
const mostOfConversation = 5000;
/**
 * Folder, UID and what tells one letter from another, oldest first, for each place where a letter of the conversation lies and is not marked
 * as deleted. A letter to oneself lies in two folders, under two message_ids: its date, its Message-ID (at the end of ENVELOPE) and the
 * beginning of its text are the same. A Message-ID alone is the sender's word: two letters may bear one. The account is not named by $1: Postgres
 * would plan with what it knows of that one, which of a mailbox that was filled a moment ago is nothing, and go through all of it for each letter.
 */
const conversation = `(select json_agg(json_build_array(f.name, p.uid, c.letter) order by c.message_id, p.folder_id, p.uid)::text
  from (select o.message_id,
      left(md5(left(e.text, 120) || coalesce(substring(right(e.text, 1200) from '"<[^"]*>"[)]$'), o.message_id::text) || o.preview), 12) as letter
    from message o cross join lateral (select convert_from(o.envelope, 'LATIN1') as text) e
    where o.account_id = message.account_id and o.thread_id = message.thread_id order by o.message_id desc limit ${mostOfConversation}) c
  join folder_message p on p.account_id = message.account_id and p.message_id = c.message_id and p.flags & 8 = 0
  join folder f on f.account_id = message.account_id and f.folder_id = p.folder_id)`;

const columnText: Record<MessageColumn, string> = {
  received: 'received',
  size: 'size',
  thread: 'thread_id',
  header: 'header',
  envelope: 'envelope',
  body: 'body',
  bodystructure: 'bodystructure',
  parts: 'parts',
  preview: 'preview',
  provenance: 'origin, author, judgement::text',
  conversation,
  content: 'content, codec',
  'small-content': 'case when octet_length(content) <= 1048576 then content end, codec',
};
/** A few KiB each, as a rule; where somebody made them megabytes, two thousand of them must not come at once. */
const wide: ReadonlySet<MessageColumn> = new Set(['header', 'envelope', 'body', 'bodystructure', 'parts']);
const boundedText = (column: MessageColumn): string => `case when octet_length(${column}) <= 32768 then ${column} end`;
const order = Object.keys(columnText) as MessageColumn[];
const statements = new Map<string, Statement>();
const sizes = {
  name: 'message_sizes',
  text: 'select message_id, octet_length(content) from message where account_id = $1 and message_id = any($2)',
};
const slice = {
  name: 'message_content_slice',
  text: 'select codec, case when codec = 0 then substring(content from $3 for $4) else content end from message where account_id = $1 and message_id = $2',
};

/** Few large statements for what is small, small ones where contents come along (bytes bound the memory of one chunk). */
const rowsPerChunk = 2000;
const contentsPerChunk = 64;
const contentBytesPerChunk = 1_048_576;

/**
 * Reads messages by their ids, in chunks in the order given; a chunk is asked for while the one before it is used. Ids that are gone
 * (swept) are left out.
 */
export async function* readMessages(
  database: Database,
  account: AccountId,
  messageIds: readonly number[],
  columns: readonly MessageColumn[],
  signal?: AbortSignal,
): AsyncGenerator<StoredMessage[]> {
  if (messageIds.length === 0) return;
  const wanted = order.filter((column) => columns.includes(column));
  const lanes = messageIds.length === 1 ? database.read : database.bulk;
  const query: Query = (statement, values) => lanes(statement, values, signal);
  const chunks = await divide(query, account, messageIds, wanted);
  let ahead = readChunk(query, account, chunks[0] ?? [], wanted);
  for (let index = 0; index < chunks.length; index++) {
    const current = await ahead;
    const next = chunks[index + 1];
    if (next) {
      ahead = readChunk(query, account, next, wanted);
      ahead.catch(() => undefined); // awaited in the next round; a consumer that stops early never sees it
    }
    if (current.some((message) => isPartial(message, wanted))) yield* completed(query, account, current, wanted);
    else yield current;
  }
}

const isPartial = (message: StoredMessage, columns: readonly MessageColumn[]): boolean =>
  columns.some((column) => wide.has(column) && message[column as keyof StoredMessage] === null);

/** Those with more than a chunk of many can hold are read again, each alone. */
async function* completed(
  query: Query,
  account: AccountId,
  messages: readonly StoredMessage[],
  columns: readonly MessageColumn[],
): AsyncGenerator<StoredMessage[]> {
  let together: StoredMessage[] = [];
  for (const message of messages) {
    if (!isPartial(message, columns)) {
      together.push(message);
      continue;
    }
    if (together.length > 0) yield together;
    together = [];
    yield await readChunk(query, account, [message.messageId], columns);
  }
  if (together.length > 0) yield together;
}

async function divide(query: Query, account: AccountId, ids: readonly number[], columns: readonly MessageColumn[]): Promise<number[][]> {
  if (ids.length === 1) return [[...ids]];
  const small = columns.includes('small-content');
  const withContent = small || columns.includes('content');
  const size = withContent ? await contentSizes(query, account, ids) : null;
  const chunks: number[][] = [];
  let bytes = 0;
  for (const id of ids) {
    const chunk = chunks.at(-1);
    const all = size?.get(id) ?? 0;
    const more = small && all > contentBytesPerChunk ? 0 : all;
    const full = withContent
      ? (chunk?.length ?? 0) >= contentsPerChunk || bytes + more > contentBytesPerChunk
      : (chunk?.length ?? 0) >= rowsPerChunk;
    if (!chunk || full) {
      chunks.push([id]);
      bytes = more;
    } else {
      chunk.push(id);
      bytes += more;
    }
  }
  return chunks;
}

async function contentSizes(query: Query, account: AccountId, ids: readonly number[]): Promise<Map<number, number>> {
  const rows = await query(sizes, [account, int8Array(ids)]);
  return new Map(rows.map((row) => [Number(row[0]), Number(row[1])]));
}

async function readChunk(
  query: Query,
  account: AccountId,
  ids: readonly number[],
  columns: readonly MessageColumn[],
): Promise<StoredMessage[]> {
  const single = ids.length === 1;
  const rows = await query(statementFor(columns, single), [account, single ? ids[0] : int8Array(ids)]);
  const found = new Map(rows.map((row) => [Number(row[0]), row]));
  const messages: StoredMessage[] = [];
  for (const id of ids) {
    const row = found.get(id);
    if (row) messages.push(messageOf(row, columns));
  }
  return messages;
}

function statementFor(columns: readonly MessageColumn[], single: boolean): Statement {
  const name = `message_${single ? 'one' : 'any'}_${columns.join('_')}`;
  let statement = statements.get(name);
  if (!statement) {
    const list = ['message_id', ...columns.map((column) => (!single && wide.has(column) ? boundedText(column) : columnText[column]))].join(
      ', ',
    );
    // a Postgres name holds 63 bytes; the index keeps long ones apart
    statement = {
      name: `${name.slice(0, 50)}_${statements.size}`,
      text: `select ${list} from message where account_id = $1 and message_id ${single ? '= $2' : '= any($2)'}`,
    };
    statements.set(name, statement);
  }
  return statement;
}

function messageOf(row: Row, columns: readonly MessageColumn[]): StoredMessage {
  const message: StoredMessage = { messageId: row[0] as number };
  let index = 0;
  for (const column of columns) {
    const value = row[++index];
    if (column === 'received') message.receivedMs = (value as Date).getTime();
    else if (column === 'thread') message.threadId = value as number;
    else if (column === 'size') message.size = value as number;
    else if (column === 'preview') message.preview = value as string;
    else if (column === 'conversation') message.conversation = (value as string | null) ?? '[]';
    else if (column === 'provenance') {
      message.provenance = readProvenance(value as string, row[index + 1] as string | null, row[index + 2] as string | null);
      index += 2;
    } else if (column === 'content' || column === 'small-content') {
      if (value !== null) message.content = row[index + 1] === Codec.zstd ? zstdDecompressSync(value as Buffer) : (value as Buffer);
    } else message[column] = value as Buffer;
  }
  return message;
}

/** Bytes of a content without loading the rest where it is stored uncompressed (64 KiB and more; what is smaller is unpacked in microseconds). */
export async function readContent(
  database: Database,
  account: AccountId,
  { messageId, offset, length }: { messageId: number; offset: number; length: number },
  signal?: AbortSignal,
): Promise<Buffer> {
  const [row] = await database.read(slice, [account, messageId, offset + 1, length], signal);
  if (!row) throw new StoreError('UnknownFolder');
  const [codec, bytes] = row as [number, Buffer];
  return codec === Codec.zstd ? zstdDecompressSync(bytes).subarray(offset, offset + length) : bytes;
}
