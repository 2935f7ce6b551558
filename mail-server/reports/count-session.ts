import { organizationOf } from '../delivery/authenticity/check-author-policy.ts';
import type { Services } from '../services.ts';
import { countsOf } from '../store/reports/report-counts.ts';
import { plainAddress } from '../../lib/addresses/plain-address.ts';
import type { TlsResult } from './tls-result.ts';

/** What a domain says of TLS with its hosts (RFC 8460 section 4.4). */
export interface TransportPolicy {
  type: 'sts' | 'tlsa' | 'no-policy-found';
  /** its lines, or its records */
  text: readonly string[];
  /** MTA-STS: patterns of its hosts; DANE: the host whose records they are */
  hosts: readonly string[];
}

export interface TransportFacts extends TransportPolicy {
  result: TlsResult;
  reason: string;
  sendingAddress: string;
  host: string;
  address: string;
}

type Session = Pick<TransportFacts, 'result' | 'reason' | 'sendingAddress' | 'host' | 'address'>;

/** Counts one session with a host of another domain for the daily report to it. What went well is only counted. */
export function countSession(
  { settings, database }: Pick<Services, 'settings' | 'database'>,
  domain: string,
  { type, text, hosts }: TransportPolicy,
  session: Session,
): void {
  if (!settings.sendsReports || !domain.includes('.') || domain.startsWith('[')) return;
  const success = session.result === 'successful';
  const facts: TransportFacts = {
    type,
    text,
    hosts,
    result: session.result,
    reason: success ? '' : session.reason.replace(/[^\x20-\x7e]/g, '?').slice(0, 100),
    sendingAddress: success ? '' : plainAddress(session.sendingAddress),
    host: success ? '' : session.host,
    address: success ? '' : plainAddress(session.address),
  };
  countsOf(database).add({ kind: 'tls', organization: organizationOf(domain), domain, success, facts });
}
