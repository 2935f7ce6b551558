import { normalise } from '../../search/normalise.ts';
import type { Session } from '../session.ts';
import type { FolderSnapshot, MessageColumn, SortKeys } from '../../store/types.ts';
import type { SortCriterion, SortField } from './criteria.ts';

/** Sorts indexes by the criteria of RFC 5256 section 3; what is equal stays in the order of its numbers. */
export async function sortMessages(
  session: Session,
  shown: FolderSnapshot,
  found: readonly number[],
  criteria: readonly SortCriterion[],
): Promise<number[]> {
  const values = await readValues(session, shown, found, new Set(criteria.map(({ field }) => field)));
  const columns = criteria.map(({ field, reverse }) => ({ column: values.get(field) ?? [], reverse }));
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

type Values = Map<SortField, Array<string | number>>;

/** The values to compare, each in the order of `found`. */
async function readValues(
  session: Session,
  shown: FolderSnapshot,
  found: readonly number[],
  fields: ReadonlySet<SortField>,
): Promise<Values> {
  const ids = found.map((index) => shown.messageIds[index] ?? 0);
  const columns: MessageColumn[] = [];
  if (fields.has('ARRIVAL') || fields.has('DATE')) columns.push('received');
  if (fields.has('SIZE')) columns.push('size');
  const stored = await readColumns(session, ids, columns);
  const needsKeys = Array.from(fields).some((field) => field !== 'ARRIVAL' && field !== 'SIZE');
  const keys = needsKeys ? await session.store.sortKeys(session.account, ids) : new Map<number, SortKeys>();
  const values: Values = new Map();
  for (const field of fields)
    values.set(
      field,
      ids.map((id) => sortValue(field, keys.get(id), stored.get(id))),
    );
  return values;
}

interface Columns {
  receivedMs: number;
  size: number;
}

async function readColumns(session: Session, ids: readonly number[], columns: MessageColumn[]): Promise<Map<number, Columns>> {
  const found = new Map<number, Columns>();
  if (columns.length === 0) return found;
  for await (const chunk of session.store.readMessages(session.account, ids, columns)) {
    for (const { messageId, receivedMs = 0, size = 0 } of chunk) found.set(messageId, { receivedMs, size });
  }
  return found;
}

function sortValue(field: SortField, keys: SortKeys | undefined, stored: Columns | undefined): string | number {
  switch (field) {
    case 'ARRIVAL':
      return stored?.receivedMs ?? 0;
    case 'DATE':
      return keys?.sentMs ?? stored?.receivedMs ?? 0;
    case 'SIZE':
      return stored?.size ?? 0;
    case 'SUBJECT':
      return collate(keys?.baseSubject ?? '');
    case 'FROM':
      return collate(firstMailbox(keys?.from ?? ''));
    case 'TO':
      return collate(firstMailbox(keys?.to ?? ''));
    case 'CC':
      return collate(firstMailbox(keys?.cc ?? ''));
  }
}

/** i;unicode-casemap of RFC 5051, near enough for people: capitals, compared by code. */
export const collate = (text: string): string => normalise(text).toUpperCase();

/** addr-mailbox of the first address in "Name <local@domain>, …": what stands in front of its last "@". */
function firstMailbox(addresses: string): string {
  const address = /<([^<>]*)>/.exec(addresses)?.[1] ?? addresses.split(',')[0] ?? '';
  const bare = address.replace(/^[^:]*:/, '').trim();
  const at = bare.lastIndexOf('@');
  return at < 0 ? bare : bare.slice(0, at);
}
