import { normalise } from '../../search/normalise.ts';
import type { Session } from '../session.ts';
import type { FolderSnapshot } from '../../store/types.ts';
import type { SortCriterion, SortField } from './criteria.ts';
import { factCaches } from './fact-cache.ts';

/** Sorts indexes by the criteria of RFC 5256 section 3; what is equal stays in the order of its numbers. */
export async function sortMessages(
  session: Session,
  shown: FolderSnapshot,
  found: readonly number[],
  criteria: readonly SortCriterion[],
): Promise<number[]> {
  const ids = found.map((index) => shown.messageIds[index] ?? 0);
  const facts = await cacheOf(session.store).read(session.account, ids);
  const columns = criteria.map(({ field, reverse }) => ({ column: ids.map((id) => facts.get(id)?.[factOf[field]]), reverse }));
  const order = found.map((_, position) => position);
  order.sort((a, b) => {
    for (const { column, reverse } of columns) {
      const left = column[a] ?? '';
      const right = column[b] ?? '';
      if (left !== right) return left < right !== reverse ? -1 : 1;
    }
    return a - b;
  });
  return order.map((position) => found[position] ?? 0);
}

interface SortFacts {
  receivedMs: number;
  size: number;
  /** Date header, else INTERNALDATE */
  sentMs: number;
  /** collated */
  subject: string;
  from: string;
  to: string;
  cc: string;
}

const cacheOf = factCaches<SortFacts>(async (store, account, messageIds) => {
  const keys = await store.sortKeys(account, messageIds);
  const facts = new Map<number, SortFacts>();
  for await (const chunk of store.readMessages(account, messageIds, ['received', 'size'])) {
    for (const { messageId, receivedMs = 0, size = 0 } of chunk) {
      const key = keys.get(messageId);
      facts.set(messageId, {
        receivedMs,
        size,
        sentMs: key?.sentMs ?? receivedMs,
        subject: collate(key?.baseSubject ?? ''),
        from: collate(firstMailbox(key?.from ?? '')),
        to: collate(firstMailbox(key?.to ?? '')),
        cc: collate(firstMailbox(key?.cc ?? '')),
      });
    }
  }
  return facts;
});

const factOf: Record<SortField, keyof SortFacts> = {
  ARRIVAL: 'receivedMs',
  CC: 'cc',
  DATE: 'sentMs',
  FROM: 'from',
  SIZE: 'size',
  SUBJECT: 'subject',
  TO: 'to',
};

/** i;unicode-casemap of RFC 5051, near enough for people: capitals, compared by code. */
export const collate = (text: string): string => normalise(text).toUpperCase();

/**
 * addr-mailbox of the first address in "Name <local@domain>, …": what stands in front of its last "@". A group begins with its name, as in
 * ENVELOPE.
 */
function firstMailbox(addresses: string): string {
  const group = /^\s*"?([^:<>@",]+)"?\s*:/.exec(addresses)?.[1];
  if (group !== undefined) return group.trim();
  const address = /<([^<>]*)>/.exec(addresses)?.[1] ?? addresses.split(',')[0] ?? '';
  const bare = address.trim();
  const at = bare.lastIndexOf('@');
  return at < 0 ? bare : bare.slice(0, at);
}
