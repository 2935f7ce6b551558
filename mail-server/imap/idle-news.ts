import { StoreError } from '../store/store-error.ts';
import type { Logger } from 'pino';
import type { ImapSession } from './context.ts';
import { limits } from './limits.ts';
import { updateView, type Viewer } from './select/update-view.ts';
import { ConnectionLost } from './serializer/response-writer.ts';

interface Told extends Viewer, Pick<ImapSession, 'continuation'> {
  readonly log: Logger;
}

/** Tells an idling client what is new, one telling at a time; hints that come meanwhile lead to one more behind it. */
export class IdleNews {
  readonly #session: Told;
  #telling: Promise<void> | null = null;
  #again = false;
  /** the store failed: the sweep tries again, since a hint comes once */
  #owed = false;
  /** when the sweep says "Still here" next */
  #stillHereAt = 0;

  constructor(session: Told) {
    this.#session = session;
  }

  /** Resolves when nothing is being told; null if nothing is. */
  get telling(): Promise<void> | null {
    return this.#telling;
  }

  /** The client idles from now on. What came since it was told of its folder last was not heard. */
  begin(): void {
    this.#stillHereAt = nextSign(performance.now());
    this.hint();
  }

  /** What could not be told, and a sign of life when it is time. */
  sweep(now: number): void {
    const { continuation, writer } = this.#session;
    if (this.#owed) this.hint();
    if (!continuation?.idle || now < this.#stillHereAt || this.#telling) return;
    this.#stillHereAt = nextSign(now);
    writer.untagged('OK Still here');
    writer.flush();
  }

  /** The account may have changed. */
  readonly hint = (): void => {
    if (!this.#session.continuation?.idle) return;
    this.#again = true;
    this.#telling ??= this.#tell();
  };

  async #tell(): Promise<void> {
    const session = this.#session;
    while (this.#again && session.continuation?.idle) {
      this.#again = false;
      this.#owed = false;
      try {
        await session.pace();
        await updateView(session, false, { expunge: true });
        await session.writer.drained();
      } catch (error) {
        this.#owed = error instanceof StoreError;
        if (!this.#owed && !(error instanceof ConnectionLost)) session.log.error({ err: error }, 'imap notification failed');
      }
    }
    this.#telling = null;
  }
}

const nextSign = (now: number): number => now + limits.stillHereMs + Math.random() * limits.stillHereJitterMs;
