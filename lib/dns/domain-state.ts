import type { DnsReport, RecordFinding } from './record-finding.ts';
import type { RecordKind } from './expected-records.ts';

export type NextStep = 'ownership' | 'mailboxes' | 'mx' | 'dkim' | 'spf' | 'dmarc';

export interface DomainState {
  /** which sentence stands on the page */
  sentence: 'ready' | 'sendingOpen' | 'receivingOpen' | 'waiting' | 'unknown' | 'checking';
  /** records that are missing or wrong, for the sentence */
  open: number;
  next: NextStep | null;
}

const required = ['mx', 'dkim', 'spf', 'dmarc'] as const satisfies readonly RecordKind[];
const stands = ({ state }: RecordFinding): boolean => state === 'right' || state === 'note';

/** One sentence and one step from a report. Mailboxes come before the MX record, so that no mail bounces in between. */
export function domainState(report: DnsReport | null, { verified, mailboxes }: { verified: boolean; mailboxes: number }): DomainState {
  if (!report) return { sentence: 'checking', open: 0, next: verified ? null : 'ownership' };
  const unknown = required.filter((kind) => report[kind].state === 'unknown');
  if (!verified) return { sentence: report.ownership.state === 'unknown' ? 'unknown' : 'waiting', open: 1, next: 'ownership' };
  const open = required.filter((kind) => !stands(report[kind]) && report[kind].state !== 'unknown');
  if (unknown.length > 0 && open.length === 0) return { sentence: 'unknown', open: 0, next: null };
  const next: NextStep | null = open.includes('mx') && mailboxes === 0 ? 'mailboxes' : (open[0] ?? null);
  if (open.length === 0) return { sentence: 'ready', open: 0, next: mailboxes === 0 ? 'mailboxes' : null };
  return { sentence: stands(report.mx) ? 'sendingOpen' : 'receivingOpen', open: open.length, next };
}

const severity: Record<RecordFinding['state'], number> = { wrong: 0, missing: 1, unknown: 2, note: 3, right: 4 };

export const recordKinds = ['ownership', 'mx', 'dkim', 'spf', 'dmarc', 'sts', 'tlsrpt', 'setup'] as const satisfies readonly RecordKind[];
const optional = (kind: RecordKind): number => (kind === 'setup' || kind === 'sts' || kind === 'tlsrpt' ? 0.5 : 0);

/** A report as it was kept; what an older one did not look at, nobody knows. */
export function keptReport(kept: unknown): DnsReport | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const report = kept as Partial<DnsReport>;
  const nothing: RecordFinding = { state: 'unknown', remark: 'unreachable', found: ['–'] };
  return Object.fromEntries(recordKinds.map((kind) => [kind, report[kind] ?? nothing])) as DnsReport;
}

/** All records, worst first. What is optional never stands above what is needed. */
export const worstFirst = (report: DnsReport): RecordKind[] =>
  recordKinds.toSorted((a, b) => severity[report[a].state] + optional(a) - severity[report[b].state] - optional(b));
