import { createHash, randomBytes, subtle } from 'node:crypto';
import type { AccountId } from '../../lib/db/ids.ts';

const rememberMs = 2_000;

/**
 * Keys of deliveries: a message that was committed while its 250 got lost (a crash) comes again with the same key and is not stored a
 * second time. Identical mail that this process is just delivering, or has just acknowledged, is a message of its own and gets another key.
 */
export class DeliveryKeyring {
  #busy = new Map<string, number>();

  /**
   * sha256(account, reverse-path, content as received). `settle` is called once: with true when the sender was told that the message is
   * stored, with false when he was not and so will come again.
   */
  take(account: AccountId, sender: string, contentHash: Buffer): { key: Buffer; settle: (answered: boolean) => void } {
    const base = createHash('sha256').update(`${account}\0${sender}\0`).update(contentHash).digest();
    const name = base.toString('base64');
    const before = this.#busy.get(name) ?? 0;
    this.#busy.set(name, before + 1);
    const key = before === 0 ? base : createHash('sha256').update(base).update(randomBytes(16)).digest();
    const settle = (answered: boolean) => {
      // the store forgets the key some moments later
      if (answered) setTimeout(() => this.#forget(name), rememberMs).unref();
      else this.#forget(name);
    };
    return { key, settle };
  }

  #forget(name: string): void {
    const left = (this.#busy.get(name) ?? 1) - 1;
    if (left > 0) this.#busy.set(name, left);
    else this.#busy.delete(name);
  }
}

const inlineBytes = 256 * 1024;

/** Large contents are hashed beside the event loop. */
export async function sha256(content: Buffer): Promise<Buffer> {
  if (content.length <= inlineBytes) return createHash('sha256').update(content).digest();
  return Buffer.from(await subtle.digest('SHA-256', new Uint8Array(content.buffer as ArrayBuffer, content.byteOffset, content.length)));
}
