import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';
import { rowKey } from './row-key.ts';

/** What was found so far. */
export interface Hits {
  /** newest first */
  rows: readonly ConversationRow[];
  /** taken out while the search went on: answers that were asked for before still name them */
  gone: ReadonlySet<string>;
}

/** A row that came twice, since something was moved meanwhile, stands once. */
export function withHits({ rows, gone }: Hits, fresh: readonly ConversationRow[]): ConversationRow[] {
  const known = new Set([...rows.map(rowKey), ...gone]);
  const all = [...rows, ...fresh.filter((row) => !known.has(rowKey(row)))];
  return all.sort((a, b) => Date.parse(b.date) - Date.parse(a.date));
}

export const withoutHits = <T extends { rows: ConversationRow[]; gone: ReadonlySet<string> }>(hits: T, keys: ReadonlySet<string>): T => ({
  ...hits,
  rows: hits.rows.filter((row) => !keys.has(rowKey(row))),
  gone: new Set([...hits.gone, ...keys]),
});
