import { mailDate } from '../delivery/trace-header.ts';
import type { ReportKind } from '../store/reports/report-counts.ts';
import { fileName, type ReportHead } from './report-head.ts';

export interface PackedReport {
  kind: ReportKind;
  head: ReportHead;
  /** gzip */
  packed: Buffer;
}

const forms = {
  tls: { type: 'application/tlsrpt+gzip', extension: 'json.gz', container: 'multipart/report; report-type="tlsrpt"' },
  dmarc: { type: 'application/gzip', extension: 'xml.gz', container: 'multipart/mixed' },
} as const;

/** The letter that carries a report: for TLS RFC 8460 section 5.3, for DMARC RFC 9990 section 3.5.2. To be signed. */
export function reportLetter({ kind, head, packed }: PackedReport, to: string, at: Date): Buffer {
  const { type, extension, container } = forms[kind];
  const { domain, hostName, id, contact } = head;
  const boundary = `=_${id}`;
  const about = kind === 'tls' ? 'how TLS worked on the way to your mail hosts' : 'what came here in the name of your domain';
  const lines = [
    `From: Postamt <${contact}>`,
    `To: <${to}>`,
    `Subject: Report Domain: ${domain}`,
    `\tSubmitter: ${hostName}`,
    // a msg-id there, and here the very id that stands in the file's name
    `\tReport-ID: <${kind === 'tls' ? `${id}@${hostName}` : id}>`,
    `Date: ${mailDate(at)}`,
    `Message-ID: <${id}.${kind}@${hostName}>`,
    ...(kind === 'tls' ? [`TLS-Report-Domain: ${domain}`, `TLS-Report-Submitter: ${hostName}`, 'TLS-Required: No'] : []),
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    `Content-Type: ${container};`,
    `\tboundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=us-ascii',
    '',
    `This is the daily report of ${hostName} to ${domain}:`,
    `${about}.`,
    'Programs read it; it needs no answer.',
    '',
    `--${boundary}`,
    `Content-Type: ${type}`,
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment;',
    `\tfilename="${fileName(head, extension)}"`,
    '',
    (packed.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n'),
    `--${boundary}--`,
    '',
  ];
  return Buffer.from(lines.join('\r\n'));
}
