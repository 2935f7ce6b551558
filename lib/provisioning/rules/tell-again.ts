import type { Transaction } from '../../db/prisma.ts';
import { noticeKey, type Forwarder } from '../../targets/memory-key.ts';

/**
 * A forward that is taken up again begins anew: if it fails, that is told, though a failure before it rested was told the same day. `targets`: of
 * an address; null: of a report that named none.
 */
export const tellAgain = (transaction: Transaction, by: Forwarder, targets: readonly (string | null)[]) =>
  transaction.ruleMemory.deleteMany({
    where: { accountId: 0, key: { in: targets.map((target) => Uint8Array.from(noticeKey(by, target))) } },
  });
