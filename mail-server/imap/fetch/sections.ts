import { between } from '../../../lib/mime/between.ts';
import { decodeChunks } from '../../../lib/mime/decode-chunks.ts';
import { decodeContent, isKnownEncoding } from '../../../lib/mime/decode-content.ts';
import { selectFields } from '../../../lib/mime/select-fields.ts';
import { findPart, findSection, parsePartMap, type Part } from '../../../lib/mime/part-map.ts';
import type { BinaryItem, FetchPlan, PartialRange, SectionItem } from './items.ts';
import type { MessageSource, Piece } from './message-source.ts';

const largeBody = 1_048_576;

/** Pieces of a section's bytes; null: the message has no such section (NIL). */
export type SectionBytes = Piece[] | null;
export type BinaryBytes = SectionBytes | 'unknown-encoding';

/** The answers to BODY[…] and BINARY[…], by position in plan.items. All reading is done before the first byte of an answer is written. */
export async function readSections(source: MessageSource, plan: FetchPlan): Promise<BinaryBytes[]> {
  const answers: BinaryBytes[] = [];
  let map: Part | null = null;
  const parts = (): Part => {
    map ??= parsePartMap(source.message.parts ?? Buffer.alloc(0));
    return map;
  };
  for (const item of plan.items) {
    await source.pace();
    if (item.kind === 'section') answers.push(await readSection(source, item, parts));
    else if (item.kind === 'binary' || item.kind === 'binary-size') answers.push(await readBinary(source, item, parts));
    else answers.push(null);
  }
  return answers;
}

async function readSection(source: MessageSource, item: SectionItem, parts: () => Part): Promise<SectionBytes> {
  const { message } = source;
  const header = message.header ?? Buffer.alloc(0);
  if (item.path.length === 0) {
    if (item.what === 'header') return cut([header], item.partial);
    if (item.what === 'fields' || item.what === 'fields-not') {
      return cut([selectFields(header, item.fields, item.what === 'fields-not')], item.partial);
    }
    const start = item.what === 'text' ? header.length : 0;
    return source.read(start + (item.partial?.offset ?? 0), item.partial?.length ?? Number.MAX_SAFE_INTEGER);
  }
  const fields = item.what === 'fields' || item.what === 'fields-not';
  const section = findSection(parts(), item.path, item.what === 'fields' || item.what === 'fields-not' ? 'header' : item.what);
  if (!section) return null;
  if (fields) {
    const block = await source.collect(section.offset, section.length);
    return cut([selectFields(block, item.fields, item.what === 'fields-not')], item.partial);
  }
  const offset = Math.min(item.partial?.offset ?? 0, section.length);
  return source.read(section.offset + offset, Math.min(item.partial?.length ?? section.length, section.length - offset));
}

/** Decoded from its Content-Transfer-Encoding (RFC 9051 section 6.4.5.4); offsets of a partial count decoded bytes. */
async function readBinary(source: MessageSource, item: BinaryItem, parts: () => Part): Promise<BinaryBytes> {
  if (item.path.length === 0) {
    return source.read(item.partial?.offset ?? 0, item.partial?.length ?? Number.MAX_SAFE_INTEGER);
  }
  const part = findPart(parts(), item.path);
  if (!part) return null;
  const leaf = part.children.length === 0 && part.message === null;
  if (leaf && !isKnownEncoding(part.encoding)) return 'unknown-encoding';
  if (part.bodyLength > largeBody) return readLargeBinary(source, leaf ? part.encoding : 'binary', part, item.partial);
  const bytes = await source.collect(part.bodyOffset, part.bodyLength);
  return cut([leaf ? decodeContent(bytes, part.encoding) : bytes], item.partial);
}

/** Decoded twice: first to learn the length, which goes in front, and again while it is sent. */
async function readLargeBinary(source: MessageSource, encoding: string, part: Part, partial: PartialRange | null): Promise<Piece[]> {
  const decoded = (): AsyncGenerator<Buffer> => decodeChunks(source.stream(part.bodyOffset, part.bodyLength), encoding);
  let length = 0;
  for await (const chunk of decoded()) length += chunk.length;
  const start = Math.min(partial?.offset ?? 0, length);
  const count = Math.min(partial?.length ?? length, length - start);
  return count === 0 ? [] : [{ length: count, chunks: () => between(decoded(), start, start + count) }];
}

function cut(pieces: Buffer[], partial: PartialRange | null): Buffer[] {
  if (!partial) return pieces;
  return pieces.map((piece) => piece.subarray(partial.offset, partial.offset + partial.length));
}

export const lengthOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, piece) => sum + piece.length, 0);
