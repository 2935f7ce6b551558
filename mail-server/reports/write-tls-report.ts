import type { CountedFacts } from '../store/reports/report-sending.ts';
import type { TransportFacts } from './count-session.ts';
import type { ReportHead } from './report-head.ts';

type Row = CountedFacts<TransportFacts>;

/** A report in the form of RFC 8460 section 4.4. */
export function writeTlsReport({ hostName, contact, id, begin, end, domain }: ReportHead, rows: readonly Row[]): string {
  const byPolicy = Map.groupBy(rows, ({ facts: { type, text, hosts } }) => JSON.stringify([type, text, hosts]));
  return JSON.stringify({
    'organization-name': hostName,
    'date-range': { 'start-datetime': dateTime(begin), 'end-datetime': dateTime(end) },
    'contact-info': contact,
    'report-id': id,
    policies: [...byPolicy.values()].flatMap((of) => (of[0] ? [policy(domain, of[0].facts, of)] : [])),
  });
}

const dateTime = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
const sum = (rows: readonly Row[]): number => rows.reduce((total, { count }) => total + count, 0);

function policy(domain: string, { type, text, hosts }: TransportFacts, rows: readonly Row[]) {
  const failures = rows.filter(({ facts }) => facts.result !== 'successful');
  return {
    policy: {
      'policy-type': type,
      ...(text.length > 0 ? { 'policy-string': text } : {}),
      'policy-domain': domain,
      ...(hosts.length > 0 ? { 'mx-host': hosts } : {}),
    },
    summary: {
      'total-successful-session-count': sum(rows) - sum(failures),
      'total-failure-session-count': sum(failures),
    },
    ...(failures.length > 0 ? { 'failure-details': failures.map(failure) } : {}),
  };
}

const failure = ({ facts, count }: Row) => ({
  'result-type': facts.result,
  ...(facts.sendingAddress === '' ? {} : { 'sending-mta-ip': facts.sendingAddress }),
  ...(facts.host === '' ? {} : { 'receiving-mx-hostname': facts.host }),
  ...(facts.address === '' ? {} : { 'receiving-ip': facts.address }),
  'failed-session-count': count,
  ...(facts.reason === '' ? {} : { 'failure-reason-code': facts.reason }),
});
