import type { AccountId } from '../../lib/db/ids.ts';
import type { MailStore, StoredMessage } from '../store/mail-store.ts';
import { limits } from './limits.ts';
import type { MaildropMessage } from './maildrop-message.ts';

type Columns = readonly ('header' | 'content')[];

/**
 * Reads messages one by one as the client asks for them. Clients take a mailbox in order, so after the first message the next ones are
 * read ahead: 1, then 8, 64, up to 256 at a time, bounded in bytes by the store's chunks. Asked out of order, it starts anew with one.
 */
export class ReadAhead {
  readonly #store: MailStore;
  readonly #account: AccountId;
  readonly #messages: readonly MaildropMessage[];
  #columns: Columns = [];
  #ahead: AsyncGenerator<StoredMessage> | null = null;
  #next = -1;
  #held: StoredMessage | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(store: MailStore, account: AccountId, messages: readonly MaildropMessage[]) {
    this.#store = store;
    this.#account = account;
    this.#messages = messages;
  }

  /** The message at `index` of the maildrop (from 0) with these columns, or null if it is gone from the store. */
  async take(index: number, columns: Columns): Promise<StoredMessage | null> {
    if (this.#timer) clearTimeout(this.#timer);
    if (index !== this.#next || columns.join() !== this.#columns.join()) this.drop();
    this.#columns = columns;
    this.#next = index + 1;
    this.#ahead ??= this.#read(index, columns);
    const wanted = this.#messages[index]?.messageId;
    this.#held ??= await this.#upcoming(this.#ahead);
    // messages that were swept meanwhile are left out by the store: the one in hand is then a later one
    const found = this.#held?.messageId === wanted ? this.#held : null;
    if (found) this.#held = null;
    this.#timer = setTimeout(() => this.drop(), limits.aheadTimeoutMs).unref();
    return found;
  }

  /** Where the store fails nothing is left of this reading: its end would say that the messages behind are gone. */
  async #upcoming(ahead: AsyncGenerator<StoredMessage>): Promise<StoredMessage | null> {
    try {
      return (await ahead.next()).value ?? null;
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  /** Forgets what was read ahead. */
  drop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#ahead?.return(undefined).catch(() => undefined);
    this.#ahead = null;
    this.#held = null;
    this.#next = -1;
  }

  async *#read(from: number, columns: Columns): AsyncGenerator<StoredMessage> {
    let at = from;
    let count = 1;
    while (at < this.#messages.length) {
      const window = this.#messages.slice(at, at + count);
      at += window.length;
      count = Math.min(count * 8, limits.messagesAhead);
      const ids = window.filter((message) => message.size <= limits.largeMessageBytes).map((message) => message.messageId);
      for await (const chunk of this.#store.readMessages(this.#account, ids, columns)) yield* chunk;
    }
  }
}
