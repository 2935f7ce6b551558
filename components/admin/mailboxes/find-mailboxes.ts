import type { MailboxView } from './mailbox-board.tsx';

export type Order = 'newest' | 'byAddress' | 'bySpace' | 'byLogin';
export const orders = ['newest', 'byAddress', 'bySpace', 'byLogin'] as const;

// made once: localeCompare asks for one each time, and twenty thousand mailboxes took seconds
const alphabet = new Intl.Collator(undefined, { numeric: true });

const orderOf: Record<Order, ((one: MailboxView, other: MailboxView) => number) | null> = {
  // as the server gives them
  newest: null,
  byAddress: (one, other) => alphabet.compare(one.domain, other.domain) || alphabet.compare(one.localPart, other.localPart),
  bySpace: (one, other) => other.usedBytes - one.usedBytes,
  byLogin: (one, other) => (other.lastLoginAt ?? 0) - (one.lastLoginAt ?? 0),
};

/** Those whose address or name has each word that was typed, in the order that was chosen. */
export function findMailboxes(mailboxes: readonly MailboxView[], typed: string, order: Order): readonly MailboxView[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const has = ({ address, name }: MailboxView) => words.every((word) => `${address} ${name}`.toLowerCase().includes(word));
  const found = words.length === 0 ? mailboxes : mailboxes.filter(has);
  const compare = orderOf[order];
  return compare ? found.toSorted(compare) : found;
}
