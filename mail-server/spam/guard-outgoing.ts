import type { AccountId, CustomerId } from '../../lib/db/ids.ts';
import type { Query } from '../store/postgres/database.ts';
import { holdOutgoing, readOutgoingState, type HoldReason, type OutgoingState } from '../store/queue/outgoing-guard.ts';
import { automaticMessage } from '../store/queue/automatic-message.ts';
import { enqueue } from '../store/queue/queue-store.ts';
import { holdNotice } from './hold-notice.ts';

export interface OutgoingLimits {
  strangersPerHour: number;
  hostName: string;
  /** who reads the host's mail, where that was said */
  postmaster: string | null;
}

/** free: may send; slowed: later; held: until somebody releases it */
export type OutgoingVerdict = 'free' | 'slowed' | 'held';

/** before so many came back, nothing is said of bounces */
const leastBounced = 50;
/** of the day's recipients */
const mostBouncedShare = 0.3;
/** of what an hour allows, in a day */
const hoursOfDay = 3;

/** What a mailbox's numbers mean. Pure. */
export function judgeOutgoing(
  { held, strangers, strangersOfHour, strangersOfDay, sentOfDay, bouncedOfDay }: OutgoingState,
  strangersPerHour: number,
): OutgoingVerdict | HoldReason {
  if (held) return 'held';
  if (bouncedOfDay >= leastBounced && bouncedOfDay > sentOfDay * mostBouncedShare) return 'bounces';
  if (strangers === 0) return 'free';
  if (strangersOfDay + strangers > strangersPerHour * hoursOfDay) return 'strangers';
  return strangersOfHour + strangers > strangersPerHour ? 'slowed' : 'free';
}

/**
 * A mailbox that suddenly writes to many strangers, or much of whose mail comes back, was stolen, as a rule: it is slowed first, then what it
 * sends is held, and its user, the customer and the operator are told by a letter in the same transaction.
 */
export async function guardOutgoing(
  query: Query,
  { account, customer, recipients }: { account: AccountId; customer: CustomerId; recipients: readonly string[] },
  { strangersPerHour, hostName, postmaster }: OutgoingLimits,
): Promise<OutgoingVerdict> {
  const verdict = judgeOutgoing(await readOutgoingState(query, account, recipients), strangersPerHour);
  if (verdict !== 'strangers' && verdict !== 'bounces') return verdict;
  const held = await holdOutgoing(query, account, customer, verdict, postmaster);
  for (const { address, locale, operator } of held?.told ?? []) {
    const content = holdNotice({ hostName, to: address, locale, mailbox: held?.address ?? '', reason: verdict, at: new Date() });
    const letter = automaticMessage(address, { customerId: operator ? null : customer, locale, content });
    if (letter) await enqueue(query, letter);
  }
  return 'held';
}
