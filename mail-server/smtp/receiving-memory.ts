import { hostOf } from '../../lib/addresses/network-of.ts';
import { isLoopback } from '../../lib/addresses/private-address.ts';
import { onceFor } from '../../lib/config/once-for.ts';
import { MemoryBudget } from '../memory-budget.ts';
import type { MailServerSettings } from '../settings.ts';

/** A stranger who has had so long for what he sends, and was slower than this, gives way when memory is short. */
const patienceMs = 30_000;
const slowBytesPerSecond = 100_000;

interface Receipt {
  holder: string | null;
  since: number;
  bytes: number;
  giveUp: () => void;
}

/** What one message under way may keep in memory. */
export interface ReceivedBytes {
  reserve(bytes: number): boolean;
  /** it is here to its end, and gives way to nobody any more */
  complete(): void;
  /** called once, when the memory is no longer needed */
  end(): void;
}

/**
 * Memory for the messages that a process is receiving. What strangers leave half sent must not keep everybody else's mail out: when
 * nothing is left, the slowest of the slow is put off (he gets his 452 when he comes to his end) and the next one takes his place.
 */
export class ReceivingMemory {
  readonly #budget: MemoryBudget<string>;
  readonly #receipts = new Set<Receipt>();

  constructor(messageBytes: number) {
    this.#budget = new MemoryBudget(messageBytes);
  }

  /** `giveUp` is called when the message has to give way; what it reserved is free by then. */
  begin(remoteAddress: string, giveUp: () => void, since = performance.now()): ReceivedBytes {
    const receipt: Receipt = { holder: holderOf(remoteAddress), since, bytes: 0, giveUp };
    this.#receipts.add(receipt);
    const reserve = (bytes: number): boolean => {
      if (!this.#budget.reserve(receipt.holder, bytes)) return false;
      receipt.bytes += bytes;
      return true;
    };
    return {
      reserve: (bytes) => reserve(bytes) || (this.#makeRoom(receipt) && reserve(bytes)),
      complete: () => this.#receipts.delete(receipt),
      end: () => {
        this.#receipts.delete(receipt);
        this.#budget.release(receipt.holder, receipt.bytes);
      },
    };
  }

  #makeRoom(asking: Receipt): boolean {
    const now = performance.now();
    let slowest: Receipt | null = null;
    let slowestRate = slowBytesPerSecond;
    for (const receipt of this.#receipts) {
      const elapsed = now - receipt.since;
      const rate = (receipt.bytes * 1000) / elapsed;
      if (receipt === asking || receipt.holder === null || receipt.bytes === 0 || elapsed < patienceMs || rate >= slowestRate) continue;
      slowest = receipt;
      slowestRate = rate;
    }
    if (!slowest) return false;
    this.#budget.release(slowest.holder, slowest.bytes);
    slowest.bytes = 0;
    slowest.giveUp();
    return true;
  }
}

/** Our own web and peers on LMTP come from loopback for everybody; others share by address, which in IPv6 means by network. */
const holderOf = (remoteAddress: string): string | null => (isLoopback(remoteAddress) ? null : hostOf(remoteAddress));

/** The memory that all listeners of a process share. */
export const receivingMemoryOf = onceFor(({ messageBytes }: MailServerSettings) => new ReceivingMemory(messageBytes));
