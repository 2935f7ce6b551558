import { unicodeCasemap } from '../../search/normalise.ts';
import type { Reader } from '../context.ts';
import type { FolderSnapshot } from '../../store/mail-store.ts';
import type { SortCriterion, SortField } from './criteria.ts';
import { factCaches, sharedTexts } from './fact-cache.ts';
import { sortInTurns } from './sort-in-turns.ts';

/** Sorts indexes by the criteria of RFC 5256 section 3; what is equal stays in the order of its numbers. */
export async function sortMessages(
  reader: Reader,
  shown: FolderSnapshot,
  found: readonly number[],
  criteria: readonly SortCriterion[],
): Promise<number[]> {
  const ids = found.map((index) => shown.messageIds[index] ?? 0);
  const facts = await cacheOf(reader.store).read(reader, ids);
  const columns: { column: (string | number | undefined)[]; reverse: boolean }[] = [];
  for (const { field, reverse } of criteria) {
    await reader.pace();
    columns.push({ column: ids.map((id) => facts.get(id)?.[factOf[field]]), reverse });
  }
  const positions = found.map((_, position) => position);
  const compare = (a: number, b: number): number => {
    for (const { column, reverse } of columns) {
      const left = column[a] ?? '';
      const right = column[b] ?? '';
      if (left !== right) return left < right !== reverse ? -1 : 1;
    }
    return a - b;
  };
  const order = await sortInTurns(positions, compare, () => reader.pace());
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

const cacheOf = factCaches<SortFacts>(async (reader, messageIds) => {
  const { store, account, signal } = reader;
  const keys = await store.sortKeys(account, messageIds, signal);
  const facts = new Map<number, SortFacts>();
  const shared = sharedTexts();
  for await (const chunk of store.readMessages(account, messageIds, ['received', 'size'], signal)) {
    for (const { messageId, receivedMs = 0, size = 0 } of chunk) {
      await reader.pace();
      const key = keys.get(messageId);
      facts.set(messageId, {
        receivedMs,
        size,
        sentMs: key?.sentMs ?? receivedMs,
        subject: shared(collated(key?.baseSubject ?? '')),
        from: shared(collated(firstMailbox(key?.from ?? ''))),
        to: shared(collated(firstMailbox(key?.to ?? ''))),
        cc: shared(collated(firstMailbox(key?.cc ?? ''))),
      });
    }
  }
  return facts;
});

/** The octets that i;unicode-casemap compares (RFC 5051 section 2), one a character: in the order of their code points, and in one width, which compares faster. */
const collated = (text: string): string => Buffer.from(unicodeCasemap(text)).toString('latin1');

const factOf: Record<SortField, keyof SortFacts> = {
  ARRIVAL: 'receivedMs',
  CC: 'cc',
  DATE: 'sentMs',
  FROM: 'from',
  SIZE: 'size',
  SUBJECT: 'subject',
  TO: 'to',
};

/**
 * addr-mailbox of the first address in "Name <local@domain>, …": what stands in front of its last "@". A group begins with its name, as in
 * ENVELOPE.
 */
function firstMailbox(addresses: string): string {
  const group = groupName(addresses);
  if (group !== null) return group;
  const address = /<([^<>]*)>/.exec(addresses)?.[1] ?? addresses.split(',', 1)[0] ?? '';
  const bare = address.trim();
  const at = bare.lastIndexOf('@');
  return at < 0 ? bare : bare.slice(0, at);
}

/** What stands in front of a first ":" that no address comes before. By hand: an expression with white space at both ends tries all ways. */
function groupName(addresses: string): string | null {
  const colon = addresses.indexOf(':');
  if (colon < 0) return null;
  const name = addresses.slice(0, colon).trim().replace(/^"/, '').replace(/"$/, '').trim();
  return name === '' || /[<>@",]/.test(name) ? null : name;
}
