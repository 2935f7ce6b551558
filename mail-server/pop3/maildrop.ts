import { INBOX_ID, type MailStore, Flag } from '../store/mail-store.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import { foldUids } from '../store/uid-ranges.ts';
import { limits } from './limits.ts';
import type { MaildropMessage } from './maildrop-message.ts';
import { ReadAhead } from './read-ahead.ts';

/**
 * INBOX as it was at login (RFC 1939 section 5: numbers and sizes stay for the session). What IMAP marked \Deleted is shown, for it is
 * still there; what is expunged meanwhile keeps its number and cannot be read.
 */
export class Maildrop {
  readonly uidvalidity: number;
  readonly messages: readonly MaildropMessage[];
  readonly #store: MailStore;
  readonly #account: AccountId;
  readonly #ahead: ReadAhead;
  /** for the log */
  readonly counts = { retrieved: 0, deleted: 0 };
  readonly #deleted = new Set<number>();
  #seen = new Set<number>();
  #seenTimer: NodeJS.Timeout | null = null;

  private constructor(store: MailStore, account: AccountId, uidvalidity: number, messages: readonly MaildropMessage[]) {
    this.#store = store;
    this.#account = account;
    this.uidvalidity = uidvalidity;
    this.messages = messages;
    this.#ahead = new ReadAhead(store, account, messages);
  }

  static async open(store: MailStore, account: AccountId): Promise<Maildrop> {
    const [{ uidvalidity }, snapshot] = await Promise.all([store.status(account, INBOX_ID), store.snapshot(account, INBOX_ID)]);
    const ids = Array.from(snapshot.messageIds.subarray(0, snapshot.count));
    const sizes = new Map<number, number>();
    for await (const chunk of store.readMessages(account, ids, ['size'])) {
      for (const { messageId, size } of chunk) sizes.set(messageId, size ?? 0);
    }
    const messages: MaildropMessage[] = [];
    for (const [index, messageId] of ids.entries()) {
      const size = sizes.get(messageId);
      if (size === undefined) continue; // expunged and swept since the snapshot
      const seen = ((snapshot.flags[index] ?? 0n) & Flag.Seen) !== 0n;
      messages.push({ uid: snapshot.uids[index] ?? 0, messageId, size, seen });
    }
    return new Maildrop(store, account, uidvalidity, messages);
  }

  /** Number and octets of what is not marked as deleted. */
  get total(): { count: number; octets: number } {
    let octets = 0;
    for (const [index, message] of this.messages.entries()) if (!this.#deleted.has(index)) octets += message.size;
    return { count: this.messages.length - this.#deleted.size, octets };
  }

  /** The message with a number (from 1), unless there is none or it is marked as deleted. */
  message(number: number): MaildropMessage | null {
    return this.#deleted.has(number - 1) ? null : (this.messages[number - 1] ?? null);
  }

  /** What `of` says of the number and message of all that are not marked as deleted. */
  present<T>(of: (number: number, message: MaildropMessage) => T): T[] {
    const all: T[] = [];
    for (const [index, message] of this.messages.entries()) if (!this.#deleted.has(index)) all.push(of(index + 1, message));
    return all;
  }

  /** Stable for the life of a message in INBOX, never used again (RFC 1939 section 7): "<uidvalidity>.<uid>". */
  uniqueId(message: MaildropMessage): string {
    return `${this.uidvalidity}.${message.uid}`;
  }

  markDeleted(number: number): void {
    this.#deleted.add(number - 1);
  }

  unmarkAll(): void {
    this.#deleted.clear();
  }

  /** Header block with its empty line; null if the message is gone. */
  async header(number: number): Promise<Buffer | null> {
    const message = this.messages[number - 1];
    if (!message) return null;
    if (message.size <= limits.largeMessageBytes) return (await this.#ahead.take(number - 1, ['header']))?.header ?? null;
    for await (const [large] of this.#store.readMessages(this.#account, [message.messageId], ['header'])) return large?.header ?? null;
    return null;
  }

  /** Header block and content in pieces; null if the message is gone. Large ones are never in memory as a whole. */
  async pieces(number: number): Promise<AsyncIterable<Buffer> | Iterable<Buffer> | null> {
    const message = this.messages[number - 1];
    if (!message) return null;
    if (message.size <= limits.largeMessageBytes) {
      const whole = await this.#ahead.take(number - 1, ['header', 'content']);
      return whole?.header && whole.content ? [whole.header, whole.content] : null;
    }
    const header = await this.header(number);
    return header && this.#largePieces(message, header);
  }

  async *#largePieces(message: MaildropMessage, header: Buffer): AsyncGenerator<Buffer> {
    yield header;
    const length = message.size - header.length;
    const read = (at: number) => this.#store.readContent(this.#account, message.messageId, at, Math.min(limits.pieceBytes, length - at));
    let ahead = read(0);
    for (let at = 0; at < length; at += limits.pieceBytes) {
      const piece = await ahead;
      const next = at + limits.pieceBytes;
      if (next < length) {
        ahead = read(next);
        ahead.catch(() => undefined); // awaited in the next round, unless the client is gone by then
      }
      yield piece;
    }
  }

  /** RETR makes a message \Seen, so that IMAP and webmail show it as read: soon, in one batch, and never at the cost of the answer. */
  noteRetrieved(number: number, failed: (error: unknown) => void): void {
    this.counts.retrieved++;
    const message = this.messages[number - 1];
    if (!message || message.seen) return;
    message.seen = true;
    this.#seen.add(message.uid);
    this.#seenTimer ??= setTimeout(() => void this.#storeSeen(failed), limits.seenAfterMs).unref();
  }

  async #storeSeen(failed: (error: unknown) => void): Promise<void> {
    if (this.#seenTimer) clearTimeout(this.#seenTimer);
    this.#seenTimer = null;
    if (this.#seen.size === 0) return;
    const ranges = foldUids([...this.#seen].sort((one, other) => one - other));
    this.#seen = new Set();
    await this.#store.storeFlags(this.#account, INBOX_ID, ranges, { set: Flag.Seen }).catch(failed);
  }

  /** QUIT: removes everything that is marked, in one transaction, or nothing. StoreError. */
  async commit(): Promise<number> {
    const uids = this.messages.filter((_, index) => this.#deleted.has(index)).map((message) => message.uid);
    if (uids.length === 0) return 0;
    await this.#store.expunge(this.#account, INBOX_ID, foldUids(uids), true);
    for (const uid of uids) this.#seen.delete(uid);
    this.counts.deleted = uids.length;
    return uids.length;
  }

  /** Stores in the background what is still to be stored. */
  close(failed: (error: unknown) => void): void {
    this.#ahead.drop();
    void this.#storeSeen(failed);
  }
}
