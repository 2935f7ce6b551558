import { isIP } from 'node:net';
import { parseForeignDomain } from '../../lib/addresses/foreign-domain.ts';
import { countFrom, summed, textFrom, UnreadableReport, type ReceivedReport, type ReceivedRow } from './received-report.ts';

type Node = Readonly<Record<string, unknown>>;
const nodeOf = (value: unknown): Node => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {});
const listOf = (value: unknown): Node[] => (Array.isArray(value) ? value.slice(0, mostDetails).map(nodeOf) : []);
const mostPolicies = 100;
const mostDetails = 10_000;

/** A report of RFC 8460, which may be about several domains: one for each. Throws UnreadableReport. */
export function readTlsReport(document: string): ReceivedReport[] {
  const root = nodeOf(parsed(document));
  const range = nodeOf(root['date-range']);
  const [from, until] = [secondsOf(range['start-datetime']), secondsOf(range['end-datetime'])];
  const reportId = textFrom(root['report-id']);
  const organization = textFrom(root['organization-name']);
  if (from === null || until === null || reportId === '') throw new UnreadableReport('unreadable');
  const byDomain = new Map<string, { policy: Record<string, string>; rows: ReceivedRow[] }>();
  for (const entry of listOf(root['policies']).slice(0, mostPolicies)) {
    const policy = nodeOf(entry['policy']);
    const domain = parseForeignDomain(textFrom(policy['policy-domain'], 300));
    if (!domain) continue;
    const type = word(policy['policy-type']);
    const known = byDomain.get(domain) ?? { policy: { type, ...modeOf(policy['policy-string']) }, rows: [] };
    known.rows.push(...rowsOf(entry, type));
    byDomain.set(domain, known);
  }
  if (byDomain.size === 0) throw new UnreadableReport('unreadable');
  return [...byDomain].map(([domain, { policy, rows }]) => ({
    kind: 'tls',
    domain,
    reportId,
    organization,
    from,
    until,
    policy,
    rows: summed(rows),
  }));
}

function parsed(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    throw new UnreadableReport('unreadable');
  }
}

const word = (value: unknown): string => /^[a-z0-9_-]{1,50}$/.exec(textFrom(value, 60).toLowerCase())?.[0] ?? '';

/** RFC 3339. */
function secondsOf(value: unknown): number | null {
  const text = textFrom(value, 40);
  const milliseconds = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(milliseconds) && milliseconds >= 0 ? Math.floor(milliseconds / 1000) : null;
}

/** Of an MTA-STS policy what it asks for: testing or enforce. */
function modeOf(lines: unknown): { mode?: string } {
  const line = (Array.isArray(lines) ? lines.slice(0, 20) : []).map((each) => textFrom(each, 100)).find((each) => /^mode:/i.test(each));
  const mode = word(line?.slice(5).trim());
  return mode === '' ? {} : { mode };
}

function rowsOf(entry: Node, type: string): ReceivedRow[] {
  const summary = nodeOf(entry['summary']);
  const good = countFrom(summary['total-successful-session-count']) ?? 0;
  const bad = countFrom(summary['total-failure-session-count']) ?? 0;
  const details = listOf(entry['failure-details']).map((detail) => failureOf(detail, type));
  const rows = details.filter((row) => row.count > 0);
  const told = rows.reduce((sum, { count }) => sum + count, 0);
  // sums are kept, also where nobody says why
  if (bad > told) rows.push({ source: '', count: bad - told, success: false, result: 'unspecified', facts: { type } });
  if (good > 0) rows.push({ source: '', count: good, success: true, result: 'successful', facts: { type } });
  return rows;
}

function failureOf(detail: Node, type: string): ReceivedRow {
  const source = textFrom(detail['sending-mta-ip'], 64).toLowerCase();
  const address = textFrom(detail['receiving-ip'], 64).toLowerCase();
  const facts = {
    type,
    host: parseForeignDomain(textFrom(detail['receiving-mx-hostname'], 300)) ?? '',
    address: isIP(address) === 0 ? '' : address,
    reason: textFrom(detail['failure-reason-code'], 200),
  };
  return {
    source: isIP(source) === 0 ? '' : source,
    count: countFrom(detail['failed-session-count']) ?? 0,
    success: false,
    result: word(detail['result-type']) || 'unspecified',
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== '')),
  };
}
