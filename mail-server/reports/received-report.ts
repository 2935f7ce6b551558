/** A report of somebody else about one domain, as data; what it says is a stranger's word. */
export interface ReceivedReport {
  kind: 'dmarc' | 'tls';
  /** A-labels, lower case */
  domain: string;
  reportId: string;
  /** what the reporter calls itself */
  organization: string;
  /** seconds since 1970 */
  from: number;
  until: number;
  /** what it says that the domain asks for */
  policy: Readonly<Record<string, string>>;
  rows: ReceivedRow[];
}

export interface ReceivedRow {
  /** dmarc: the host that sent; tls: the host that wanted to send. "": several, or nobody said it */
  source: string;
  count: number;
  success: boolean;
  /** dmarc: what became of the letters; tls: what went wrong */
  result: string;
  facts: Readonly<Record<string, string>>;
}

/**
 * - none: there is no report in the letter
 * - large: it is larger than reports are
 * - unreadable: it is none that can be read
 */
export type ReportFault = 'none' | 'large' | 'unreadable';

export class UnreadableReport extends Error {
  readonly fault: ReportFault;

  constructor(fault: ReportFault) {
    super(`not a report: ${fault}`);
    this.fault = fault;
  }
}

const mostRows = 500;
const mostCount = 1_000_000_000;

/** Rows with the same facts as one. Beyond what is kept the smallest are told as one, so that the sums are right. */
export function summed(rows: readonly ReceivedRow[]): ReceivedRow[] {
  const byFacts = new Map<string, ReceivedRow>();
  for (const row of rows) {
    const key = JSON.stringify([row.source, row.success, row.result, row.facts]);
    byFacts.set(key, { ...row, count: (byFacts.get(key)?.count ?? 0) + row.count });
  }
  const sorted = [...byFacts.values()].toSorted((left, right) => right.count - left.count);
  const rest = new Map<string, ReceivedRow>();
  for (const { success, result, count } of sorted.slice(mostRows)) {
    const key = `${success} ${result}`;
    rest.set(key, { source: '', success, result, facts: {}, count: (rest.get(key)?.count ?? 0) + count });
  }
  return [...sorted.slice(0, mostRows), ...rest.values()].map((row) => ({ ...row, count: Math.min(row.count, mostCount) }));
}

/** A whole number that is none of the large ones with which counters are made to overflow; null: it is no number. */
export function countFrom(value: unknown): number | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value).trim();
  return /^\d{1,15}$/.test(text) ? Math.min(Number(text), mostCount) : null;
}

/** Text as it is stored and shown: in one line, without what cannot be seen. */
export const textFrom = (value: unknown, longest = 255): string =>
  (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
    .slice(0, 4 * longest)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, longest);
