import type { Session } from '../session.ts';
import type { StoredMessage } from '../../store/types.ts';
import type { FetchPlan } from './items.ts';

/** Of one message alone, so much of the content is asked for together with the part map: enough for most messages as a whole. */
const firstPiece = 262_144;
/** Messages up to here are read whole when pieces of many are wanted. */
const smallMessage = 1_048_576;

/** A message and the ways to its bytes. Offsets count from the first byte of the message (header, then content). */
export class MessageSource {
  readonly message: StoredMessage;
  readonly #session: Session;
  /** what is known of the content, from its first byte on */
  readonly #known: Buffer;
  readonly #complete: boolean;

  constructor(session: Session, message: StoredMessage, known: Buffer, complete: boolean) {
    this.#session = session;
    this.message = message;
    this.#known = known;
    this.#complete = complete;
  }

  /** Up to `length` bytes from `offset`, in as few pieces as they come. */
  async read(offset: number, length: number): Promise<Buffer[]> {
    const header = this.message.header ?? Buffer.alloc(0);
    const end = offset + length;
    const pieces: Buffer[] = [];
    if (offset < header.length) pieces.push(header.subarray(offset, Math.min(end, header.length)));
    const from = Math.max(0, offset - header.length);
    const to = end - header.length;
    if (to > from) pieces.push(await this.#content(from, to - from));
    return pieces.filter((piece) => piece.length > 0);
  }

  async #content(offset: number, length: number): Promise<Buffer> {
    if (this.#complete || offset + length <= this.#known.length) return this.#known.subarray(offset, offset + length);
    const size = (this.message.size ?? 0) - (this.message.header?.length ?? 0);
    const count = Math.min(length, size - offset);
    if (count <= 0) return Buffer.alloc(0);
    return this.#session.store.readContent(this.#session.account, this.message.messageId, offset, count);
  }
}

/** Reads what a plan needs of messages, chunk by chunk; those that are gone are left out. The order is the ids' but for large messages. */
export async function* readSources(session: Session, ids: readonly number[], plan: FetchPlan): AsyncGenerator<MessageSource[]> {
  if (plan.content === 'pieces') {
    const [only] = ids;
    if (ids.length === 1 && only !== undefined) yield* readOne(session, only, plan);
    else yield* readPieces(session, ids, plan);
    return;
  }
  const columns = plan.content === 'whole' ? [...plan.columns, 'content' as const] : plan.columns;
  for await (const chunk of session.store.readMessages(session.account, ids, columns)) {
    yield chunk.map((message) => new MessageSource(session, message, message.content ?? nothing, true));
  }
}

async function* readOne(session: Session, id: number, plan: FetchPlan): AsyncGenerator<MessageSource[]> {
  const { store, account } = session;
  const last = session.selectedView.lastRead;
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
  session.selectedView.lastRead = complete ? null : { messageId: id, header, parts, size };
  yield [new MessageSource(session, message, known, complete)];
}

async function* readPieces(session: Session, ids: readonly number[], plan: FetchPlan): AsyncGenerator<MessageSource[]> {
  const { store, account } = session;
  const small: number[] = [];
  const large: number[] = [];
  for await (const chunk of store.readMessages(account, ids, ['size'])) {
    for (const { messageId, size = 0 } of chunk) (size <= smallMessage ? small : large).push(messageId);
  }
  for await (const chunk of store.readMessages(account, small, [...plan.columns, 'content'])) {
    yield chunk.map((message) => new MessageSource(session, message, message.content ?? nothing, true));
  }
  for await (const chunk of store.readMessages(account, large, plan.columns)) {
    for (const message of chunk) yield [new MessageSource(session, message, nothing, false)];
  }
}

async function first(chunks: AsyncIterable<StoredMessage[]>): Promise<StoredMessage | undefined> {
  for await (const [message] of chunks) return message;
  return undefined;
}

const nothing = Buffer.alloc(0);
