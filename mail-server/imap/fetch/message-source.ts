import type { Reader } from '../context.ts';
import type { View } from '../select/view.ts';
import type { LargePiece } from '../serializer/response-writer.ts';
import type { StoredMessage } from '../../store/mail-store.ts';
import type { FetchPlan } from './items.ts';

/** Of one message alone, so much of the content is asked for together with the part map: enough for most messages as a whole. */
const firstPiece = 262_144;
/** Of larger messages, so much is in memory at a time. */
const chunkBytes = 262_144;

/** Bytes at hand, or of a large message, to be read while they are sent. */
export type Piece = Buffer | LargePiece;

/** A message and the ways to its bytes. Offsets count from the first byte of the message (header, then content). */
export class MessageSource {
  readonly message: StoredMessage;
  readonly #session: Reader;
  /** what is known of the content, from its first byte on */
  readonly #known: Buffer;
  readonly #complete: boolean;

  constructor(session: Reader, message: StoredMessage, known: Buffer, complete: boolean) {
    this.#session = session;
    this.message = message;
    this.#known = known;
    this.#complete = complete;
  }

  pace(): Promise<void> | null {
    return this.#session.pace();
  }

  /** Up to `length` bytes from `offset`, in as few pieces as they come. */
  read(offset: number, length: number): Piece[] {
    const header = this.message.header ?? Buffer.alloc(0);
    const end = offset + length;
    const pieces: Piece[] = [];
    if (offset < header.length) pieces.push(header.subarray(offset, Math.min(end, header.length)));
    const from = Math.max(0, offset - header.length);
    const to = end - header.length;
    if (to > from) pieces.push(this.#content(from, to - from));
    return pieces.filter((piece) => piece.length > 0);
  }

  /** The same bytes in one buffer. */
  async collect(offset: number, length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const chunk of this.stream(offset, length)) pieces.push(chunk);
    return Buffer.concat(pieces);
  }

  /** The same bytes one after the other. */
  async *stream(offset: number, length: number): AsyncGenerator<Buffer> {
    for (const piece of this.read(offset, length)) {
      if (Buffer.isBuffer(piece)) yield piece;
      else yield* piece.chunks();
    }
  }

  #content(offset: number, length: number): Piece {
    if (this.#complete || offset + length <= this.#known.length) return this.#known.subarray(offset, offset + length);
    const size = (this.message.size ?? 0) - (this.message.header?.length ?? 0);
    const count = Math.max(0, Math.min(length, size - offset));
    return { length: count, chunks: () => this.#chunks(offset, count) };
  }

  /** The next chunk is asked for while one is sent. */
  async *#chunks(offset: number, length: number): AsyncGenerator<Buffer> {
    const { store, account, signal } = this.#session;
    const end = offset + length;
    const read = (at: number) => store.readContent(account, this.message.messageId, at, Math.min(chunkBytes, end - at), signal);
    let at = offset;
    if (at < this.#known.length) {
      yield this.#known.subarray(at, end);
      at = this.#known.length;
    }
    let ahead = at < end ? read(at) : null;
    while (ahead) {
      const chunk: Buffer = await ahead;
      at += chunkBytes;
      ahead = at < end ? read(at) : null;
      ahead?.catch(() => undefined); // awaited in the next round, unless the client is gone by then
      yield chunk;
    }
  }
}

/** Reads what a plan needs of messages, chunk by chunk; those that are gone are left out. */
export async function* readSources(session: Reader, view: View, ids: readonly number[], plan: FetchPlan): AsyncGenerator<MessageSource[]> {
  const [only] = ids;
  if (plan.content === 'pieces' && ids.length === 1 && only !== undefined) {
    yield* readOne(session, view, only, plan);
    return;
  }
  const columns = plan.content === 'none' ? plan.columns : [...plan.columns, 'small-content' as const];
  for await (const chunk of session.store.readMessages(session.account, ids, columns, session.signal)) {
    yield chunk.map((message) => new MessageSource(session, message, message.content ?? nothing, message.content !== undefined));
  }
}

async function* readOne(session: Reader, view: View, id: number, plan: FetchPlan): AsyncGenerator<MessageSource[]> {
  const { store, account } = session;
  const last = view.lastRead;
  const same = last?.messageId === id && plan.columns.every((column) => column === 'header' || column === 'parts' || column === 'size');
  if (last && same) {
    yield [new MessageSource(session, last, nothing, false)];
    return;
  }
  const [message, known] = await Promise.all([
    first(store.readMessages(account, [id], plan.columns)),
    store.readContent(account, id, 0, firstPiece).catch(() => nothing),
  ]);
  if (!message) return;
  const { header = nothing, parts = nothing, size = 0 } = message;
  const complete = header.length + known.length >= size;
  view.lastRead = complete ? null : { messageId: id, header, parts, size };
  yield [new MessageSource(session, message, known, complete)];
}

async function first(chunks: AsyncIterable<StoredMessage[]>): Promise<StoredMessage | undefined> {
  for await (const [message] of chunks) return message;
  return undefined;
}

const nothing = Buffer.alloc(0);
