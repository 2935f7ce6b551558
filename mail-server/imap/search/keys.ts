import type { SequenceSet } from '../parser/sequence-set.ts';
import type { TextCriterion } from '../../store/mail-store.ts';

/** A search key of RFC 9051 section 6.4.4 and its extensions, as it was parsed. Days and instants are ms since the epoch. */
export type SearchKey =
  | { kind: 'all' }
  | { kind: 'system'; bit: bigint; present: boolean }
  | { kind: 'keyword'; name: string; present: boolean }
  | { kind: 'recent' }
  | { kind: 'set'; set: SequenceSet; byUid: boolean }
  | { kind: 'modseq'; from: number }
  | { kind: 'emailid'; messageId: number | null }
  | { kind: 'threadid'; threadId: number | null }
  /** from <= INTERNALDATE < to */
  | { kind: 'received'; from: number; to: number }
  /** day of the Date header, in its own zone: from <= day < to */
  | { kind: 'sent'; from: number; to: number }
  /** more < size < less, bytes */
  | { kind: 'size'; more: number; less: number }
  | { kind: 'text'; criterion: TextCriterion }
  | { kind: 'header'; name: string; pattern: string }
  | { kind: 'not'; key: SearchKey }
  | { kind: 'or'; keys: SearchKey[] }
  | { kind: 'and'; keys: SearchKey[] };

/** The keys of one kind. */
export type KeyOf<Kind extends SearchKey['kind']> = Extract<SearchKey, { kind: Kind }>;

export const everything: SearchKey = { kind: 'all' };
export const and = (keys: SearchKey[]): SearchKey => (keys.length === 1 && keys[0] ? keys[0] : { kind: 'and', keys });
export const not = (key: SearchKey): SearchKey => (key.kind === 'not' ? key.key : { kind: 'not', key });

/** True if any key of the tree is of that kind. */
export function contains(key: SearchKey, kind: SearchKey['kind']): boolean {
  if (key.kind === kind) return true;
  if (key.kind === 'not') return contains(key.key, kind);
  return (key.kind === 'or' || key.kind === 'and') && key.keys.some((each) => contains(each, kind));
}
