import { createHash } from 'node:crypto';
import type { ReportClaim } from '../store/reports/report-sending.ts';

/** What stands on every report of a day. */
export interface ReportHead {
  domain: string;
  /** POSTAMT_HOST, which reports */
  hostName: string;
  contact: string;
  /** the same whoever tries, however often, so that it is known again; letters and digits */
  id: string;
  /** seconds since 1970, both inside the day */
  begin: number;
  end: number;
}

/** `part`: of the several reports to a domain that changed its policy during the day. */
export function headOf(hostName: string, { day, kind, domain }: ReportClaim, part: number): ReportHead {
  const begin = Date.parse(`${day}T00:00:00Z`) / 1000;
  return {
    domain,
    hostName,
    contact: `postmaster@${hostName}`,
    id: createHash('sha256').update([hostName, day, kind, domain, part].join(' ')).digest('hex').slice(0, 32),
    begin,
    end: begin + 86_399,
  };
}

/** RFC 9990 section 3.5.2, RFC 8460 section 5.1. */
export const fileName = ({ hostName, domain, begin, end, id }: ReportHead, extension: string): string =>
  `${hostName}!${domain}!${begin}!${end}!${id}.${extension}`;
