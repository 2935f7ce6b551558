import { unknownProvenance } from '../../../lib/mime/judgement.ts';
import { formatDateTime } from '../parser/date-time.ts';
import { flagsOf } from '../select/announce.ts';
import { uidAt } from '../select/index-ranges.ts';
import type { View } from '../select/view.ts';
import { formatString } from '../serializer/quote.ts';
import type { ResponseWriter } from '../serializer/response-writer.ts';
import type { Teller } from '../context.ts';
import type { FolderSnapshot, StoredMessage } from '../../store/mail-store.ts';
import type { BinaryItem, FetchItem, FetchPlan, SectionItem, SimpleKind } from './items.ts';
import type { Piece } from './message-source.ts';
import { lengthOf, type BinaryBytes } from './sections.ts';

/** Everything one FETCH answer is made of. */
export interface AnswerContext {
  session: Teller;
  view: View;
  shown: FolderSnapshot;
  plan: FetchPlan;
  /** 1 for messages that got \Seen by this command: the client is told their flags */
  seenNow: Uint8Array | null;
}

/** Writes one FETCH response. `sections`: the answers to items that are sections, by position. */
export function writeAnswer(context: AnswerContext, index: number, message: StoredMessage | null, sections: readonly BinaryBytes[]): void {
  const { session, plan } = context;
  const { writer } = session;
  const begin = `* ${index + 1} FETCH (`;
  let separator = begin;
  for (let position = 0; position < plan.items.length; position++) {
    const item = plan.items[position];
    if (!item) continue;
    if (item.kind === 'section') {
      writer.text(separator);
      writeSection(writer, item, sections[position] ?? null);
    } else if (item.kind === 'binary' || item.kind === 'binary-size') {
      if (sections[position] === 'unknown-encoding') continue;
      writer.text(separator);
      writeBinary(writer, item, sections[position] ?? null);
    } else {
      writer.text(separator);
      writeSimple(context, item.kind, index, message);
    }
    separator = ' ';
  }
  if (context.seenNow?.[index] === 1) separator = writeNewFlags(context, index, separator);
  // an empty list is not valid: where nothing could be decoded the tagged answer says so alone (RFC 3516 section 4.3)
  if (separator !== begin) writer.text(')\r\n');
}

function writeNewFlags(context: AnswerContext, index: number, separator: string): string {
  const { session, plan } = context;
  const missing = (kind: FetchItem['kind']): boolean => !plan.items.some((item) => item.kind === kind);
  let next = separator;
  for (const kind of ['flags', 'modseq'] as const) {
    if (!missing(kind) || (kind === 'modseq' && !session.condstore)) continue;
    session.writer.text(next);
    writeSimple(context, kind, index, null);
    next = ' ';
  }
  return next;
}

function writeSimple(context: AnswerContext, kind: SimpleKind, index: number, message: StoredMessage | null): void {
  const { writer } = context.session;
  const stored = storedBytes(kind, message);
  if (!stored) {
    writer.text(simpleText(context, kind, index, message));
    return;
  }
  writer.text(`${kind.toUpperCase()} `);
  writer.bytes(stored);
}

/** What was made in its final form when the message came in. */
function storedBytes(kind: SimpleKind, message: StoredMessage | null): Buffer | null {
  if (kind === 'envelope' || kind === 'body' || kind === 'bodystructure') return message?.[kind] ?? nil;
  return null;
}

function simpleText({ session, view, shown }: AnswerContext, kind: SimpleKind, index: number, message: StoredMessage | null): string {
  switch (kind) {
    case 'uid':
      return `UID ${uidAt(shown, index)}`;
    case 'flags':
      return `FLAGS (${flagsOf(session, view, shown, index)})`;
    case 'modseq':
      return `MODSEQ (${shown.modseqs[index] ?? 0})`;
    case 'emailid':
      return `EMAILID (M${shown.messageIds[index] ?? 0})`;
    case 'threadid':
      return `THREADID (T${message?.threadId ?? 0})`;
    case 'internaldate':
      return `INTERNALDATE ${formatDateTime(message?.receivedMs ?? 0)}`;
    case 'size':
      return `RFC822.SIZE ${message?.size ?? 0}`;
    case 'preview':
      return `PREVIEW ${formatString(message?.preview ?? '', session.isRev2)}`;
    case 'judgement':
      return `X-POSTAMT-JUDGEMENT ${formatString(JSON.stringify(message?.provenance ?? unknownProvenance), session.isRev2)}`;
    case 'conversation':
      return `X-POSTAMT-CONVERSATION ${formatString(message?.conversation ?? '[]', session.isRev2)}`;
    default:
      return '';
  }
}

const nil = Buffer.from('NIL');

function writeSection(writer: ResponseWriter, item: SectionItem, bytes: BinaryBytes): void {
  if (bytes === null || bytes === 'unknown-encoding') {
    writer.text(`${item.label} NIL`);
    return;
  }
  writeString(writer, item, bytes.map(streamed).map(withoutNul), false);
}

/**
 * An empty slice is `""`: iPhones and Macs (iOS 18.2 and later) read nothing more behind a literal of no bytes until something new arrives, and
 * they ask for slices behind the end of a part.
 */
function writeString(
  writer: ResponseWriter,
  { label, partial }: SectionItem | BinaryItem,
  pieces: readonly Piece[],
  binary: boolean,
): void {
  const length = lengthOf(pieces);
  if (length === 0 && partial) writer.text(`${label} ""`);
  else {
    writer.text(`${label} ${binary ? '~' : ''}{${length}}\r\n`);
    writePieces(writer, pieces);
  }
}

const mostInOnePiece = 131_072;

/** What is large waits until the client has taken what came before it: two hundred slices of one megabyte are asked for in one line. */
const streamed = (piece: Piece): Piece => {
  if (!Buffer.isBuffer(piece) || piece.length <= mostInOnePiece) return piece;
  return {
    length: piece.length,
    async *chunks() {
      yield piece;
    },
  };
};

/**
 * A literal holds no NUL (RFC 9051 section 4.3); some clients take it for the end. In its place stands 80 hex, as Dovecot does it, so lengths and
 * offsets stay. BINARY gives the bytes as they came.
 */
const withoutNul = (piece: Piece): Piece => {
  if (Buffer.isBuffer(piece)) return replaceNul(piece);
  return {
    length: piece.length,
    async *chunks() {
      for await (const chunk of piece.chunks()) yield replaceNul(chunk);
    },
  };
};

function replaceNul(bytes: Buffer): Buffer {
  if (!bytes.includes(0)) return bytes;
  const replaced = Buffer.from(bytes);
  for (let at = replaced.indexOf(0); at !== -1; at = replaced.indexOf(0, at + 1)) replaced[at] = 0x80;
  return replaced;
}

function writeBinary(writer: ResponseWriter, item: BinaryItem, bytes: BinaryBytes): void {
  const known = bytes === 'unknown-encoding' ? null : bytes;
  if (item.kind === 'binary-size') writer.text(`${item.label} ${lengthOf(known ?? [])}`);
  else if (known === null) writer.text(`${item.label} NIL`);
  else {
    // whether a large one holds NUL is not known before it is read; literal8 may hold any byte
    const binary = known.some((piece) => !Buffer.isBuffer(piece) || piece.includes(0));
    writeString(writer, item, known.map(streamed), binary);
  }
}

function writePieces(writer: ResponseWriter, pieces: readonly Piece[]): void {
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) writer.bytes(piece);
    else writer.large(piece);
  }
}
