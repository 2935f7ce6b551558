import { createHash, randomBytes, subtle } from 'node:crypto';
import type { AccountId } from '../../lib/db/ids.ts';

const rememberMs = 2_000;

interface Holders {
  key: Buffer;
  /** deliveries under way with this key */
  underWay: number;
  /** one of them was answered */
  answered: boolean;
}

/**
 * Keys of deliveries: a message that was committed while its 250 got lost (a crash) comes again with the same key and is not stored a
 * second time. The same while it is being stored: the sender has lost patience and comes again, so it is the same letter. Identical mail that
 * this process has just answered is a message of its own and gets another key.
 */
export class DeliveryKeyring {
  readonly #underWay = new Map<string, Holders>();
  /** how often each was answered a moment ago: the store forgets its key some moments later */
  readonly #answered = new Map<string, number>();

  /**
   * sha256(account, reverse-path, content as received). `settle` is called once: with true when the sender was told that the message is
   * stored, with false when he was not and so will come again. It returns true when nobody holds the key any more and somebody was told: the
   * store may forget it.
   */
  take(account: AccountId, sender: string, contentHash: Buffer): { key: Buffer; settle: (answered: boolean) => boolean } {
    const base = createHash('sha256').update(`${account}\0${sender}\0`).update(contentHash).digest();
    const name = base.toString('base64');
    let holders = this.#underWay.get(name);
    if (!holders) {
      const key = this.#answered.has(name) ? createHash('sha256').update(base).update(randomBytes(16)).digest() : base;
      holders = { key, underWay: 0, answered: false };
      this.#underWay.set(name, holders);
    }
    holders.underWay++;
    return { key: holders.key, settle: (answered) => this.#settle(name, holders, answered) };
  }

  #settle(name: string, holders: Holders, answered: boolean): boolean {
    holders.answered ||= answered;
    if (--holders.underWay > 0) return false;
    this.#underWay.delete(name);
    if (!holders.answered) return false;
    this.#answered.set(name, (this.#answered.get(name) ?? 0) + 1);
    setTimeout(() => this.#forget(name), rememberMs).unref();
    return true;
  }

  #forget(name: string): void {
    const left = (this.#answered.get(name) ?? 1) - 1;
    if (left > 0) this.#answered.set(name, left);
    else this.#answered.delete(name);
  }
}

const inlineBytes = 256 * 1024;

/** Large contents are hashed beside the event loop. */
export async function sha256(content: Buffer): Promise<Buffer> {
  if (content.length <= inlineBytes) return createHash('sha256').update(content).digest();
  return Buffer.from(await subtle.digest('SHA-256', new Uint8Array(content.buffer as ArrayBuffer, content.byteOffset, content.length)));
}
