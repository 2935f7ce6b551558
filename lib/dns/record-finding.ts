import type { RecordKind } from './expected-records.ts';

/**
 * - right: stands there as it should
 * - note: works, with something worth knowing
 * - missing: the name servers say that there is none
 * - wrong: there is one, but not the one that is needed
 * - unknown: the name servers could not be asked; says nothing about the record
 */
export type RecordState = 'right' | 'note' | 'missing' | 'wrong' | 'unknown';

export interface RecordFinding {
  state: RecordState;
  /** one of a closed list per kind; the sentence stands in the message files */
  remark: string;
  found: string[];
  /** a value better than the general one, made from what was found (SPF) */
  suggestion?: string;
}

export type DnsReport = Record<RecordKind, RecordFinding>;
