import { zstdCompressSync, constants } from 'node:zlib';
import { provenanceColumns, unknownProvenance } from '../../lib/mime/judgement.ts';
import { int8Array } from './postgres/binary-client.ts';
import type { Query, Row } from './postgres/database.ts';
import { textOf } from './storable-text.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import type { Appended, NewMessage } from './mail-store.ts';

const append = {
  name: 'append_message',
  text: `select o_message_id, o_thread_id, o_folder_id, o_uid, o_uidvalidity, o_modseq from append_message(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)`,
};

/** Contents below this are compressed whole; larger ones stay as they are, so that a part can be read without the rest. */
const compressBelowBytes = 65_536;
export const Codec = { raw: 0, zstd: 1 } as const;

interface Content {
  bytes: Buffer;
  codec: number;
}

const contents = new WeakMap<Buffer, Content>();

/** What is stored of a message behind its header. One letter to many mailboxes is compressed once. */
function storableContent(raw: Buffer, headerLength: number): Content {
  const known = contents.get(raw);
  if (known) return known;
  const bytes = raw.subarray(headerLength);
  if (bytes.length <= 256 || bytes.length >= compressBelowBytes) return { bytes, codec: Codec.raw };
  const content = { bytes: zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }), codec: Codec.zstd };
  contents.set(raw, content);
  return content;
}

/** The parameters of append_message: everything slow (compression, normalising) happens here, before the account's row is locked. */
export function appendParameters(account: AccountId, folderId: number | null, message: NewMessage, key: Buffer | null): unknown[] {
  const { raw, index } = message;
  const content = storableContent(raw, index.headerLength);
  const text = textOf(index);
  return [
    account,
    folderId,
    key,
    message.flags,
    storableDate(message.receivedMs),
    raw.length,
    raw.subarray(0, index.headerLength),
    index.envelope,
    index.body,
    index.bodystructure,
    index.parts,
    index.preview,
    content.bytes,
    content.codec,
    storableDate(index.sentMs),
    text.subject,
    index.baseSubject,
    text.from,
    text.to,
    text.cc,
    text.text,
    text.bodyStart,
    int8Array(index.references),
    message.keywords?.length ? message.keywords : null,
    ...provenanceColumns(message.provenance ?? unknownProvenance),
  ];
}

const [flagsAt, keywordsAt] = [3, 23];

/** Two copies of one letter for the same folder as one, with the flags and keywords of both. */
export function inOneCopy(parameters: readonly unknown[], other: readonly unknown[]): unknown[] {
  const keywords = [parameters, other].flatMap((each) => (each[keywordsAt] as readonly string[] | null) ?? []);
  return parameters
    .with(flagsAt, (parameters[flagsAt] as bigint) | (other[flagsAt] as bigint))
    .with(keywordsAt, keywords.length > 0 ? [...new Set(keywords)] : null);
}

export async function appendMessage(query: Query, parameters: readonly unknown[]): Promise<Appended> {
  const [row] = await query(append, parameters);
  return appended(row ?? []);
}

function appended(row: Row): Appended {
  const [messageId, threadId, folderId, uid, uidvalidity, modseq] = row as number[];
  return { messageId, threadId, folderId, uid, uidvalidity, modseq } as Appended;
}

/** A Date header and the date of an APPEND may claim any year; what the database's timestamp or ISO form cannot hold counts as none. */
function storableDate(ms: number | null): string | null {
  return ms !== null && ms > -62_135_596_800_000 && ms < 253_402_300_800_000 ? new Date(ms).toISOString() : null;
}
