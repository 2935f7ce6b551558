import { gzipSync } from 'node:zlib';
import { isReportAddress } from '#lib/addresses/report-address.ts';
import { destinationsIn } from '#mail-server/reports/find-destinations.ts';
import { readDmarcReport } from '#mail-server/reports/read-dmarc-report.ts';
import { readReport } from '#mail-server/reports/read-report.ts';
import { readTlsReport } from '#mail-server/reports/read-tls-report.ts';
import { countFrom, textFrom } from '#mail-server/reports/received-report.ts';
import { reportsIn } from '#mail-server/reports/unpack-report.ts';
import type { CostRow } from '#tests/support/cost-gate.ts';

const of = (file: string, name: string): string => `mail-server/reports/${file}.ts ${name}`;
/** what is none is refused, and that too takes its time */
const quietly = (read: () => unknown): void => {
  try {
    read();
  } catch {
    // not a report
  }
};
const filled = (unit: string) => (size: number) => unit.repeat(Math.ceil(size / unit.length));
const row = '<record><row><source_ip>192.0.2.7</source_ip><count>1</count></row></record>';
const dmarc = (inner: string): string =>
  `<feedback><report_metadata><report_id>1</report_id><date_range><begin>1</begin><end>2</end></date_range></report_metadata>` +
  `<policy_published><domain>a.at</domain></policy_published>${inner}</feedback>`;
const tls = (inner: string): string =>
  `{"report-id":"1","date-range":{"start-datetime":"2026-11-27T00:00:00Z","end-datetime":"2026-11-27T23:59:59Z"},"policies":[${inner}]}`;
const letter = (content: string): Buffer =>
  Buffer.concat([
    Buffer.from('Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n'),
    Buffer.from(gzipSync(Buffer.from(content, 'latin1')).toString('base64')),
  ]);
const xmlShapes = {
  records: filled(row),
  'records that differ': (size: number) =>
    Array.from({ length: size / row.length }, (_, at) => row.replace('192.0.2.7', `10.0.${at >> 8}.${at & 255}`)).join(''),
  'open elements': filled('<a>'),
  'closed elements': filled('</a>'),
  'empty elements': filled('<record/>'),
  'other elements': (size: number) => Array.from({ length: size / 8 }, (_, at) => `<a${at}/>`).join(''),
  attributes: (size: number) => `<a ${Array.from({ length: size / 8 }, (_, at) => `x${at}=""`).join(' ')}/>`,
  prefixes: filled('<a:b:c/>'),
  'entities in text': (size: number) => `<record>${'&amp;'.repeat(size / 5)}</record>`,
  'sections of text': filled('<![CDATA[x]]>'),
  'open sections': filled('<![CDATA['),
  comments: filled('<!--x-->'),
  instructions: filled('<?x?>'),
};
const jsonShapes = {
  'open lists': filled('['),
  policies: (size: number) => filled('{"policy":{"policy-domain":"a.at"}},')(size).slice(0, -1),
  domains: (size: number) => Array.from({ length: size / 40 }, (_, at) => `{"policy":{"policy-domain":"a${at}.at"}}`).join(','),
  failures: (size: number) =>
    `{"policy":{"policy-domain":"a.at"},"failure-details":[${Array.from({ length: size / 40 }, (_, at) => `{"failed-session-count":${at}}`).join(',')}]}`,
};

export const reportRows: CostRow[] = [
  { entry: 'lib/addresses/report-address.ts isReportAddress', run: (text) => isReportAddress(text, 'mail.muster.at') },
  {
    entry: of('read-dmarc-report', 'readDmarcReport'),
    run: (text) => quietly(() => readDmarcReport(text)),
    prepare: dmarc,
    shapes: xmlShapes,
  },
  { entry: of('read-tls-report', 'readTlsReport'), run: (text) => quietly(() => readTlsReport(text)), prepare: tls, shapes: jsonShapes },
  { entry: of('read-report', 'readReport'), run: (text) => readReport(letter(dmarc(text))), shapes: xmlShapes },
  { entry: of('unpack-report', 'reportsIn'), run: (text) => [...reportsIn(letter(text))] },
  { entry: of('received-report', 'textFrom'), run: (text) => textFrom(text) },
  { entry: of('received-report', 'countFrom'), run: countFrom },
  { entry: of('find-destinations', 'destinationsIn'), run: (text) => destinationsIn(`v=DMARC1; rua=${text}`), size: 4_096 },
];

export const reportSafe: Readonly<Record<string, string>> = {
  'lib/addresses/report-address.ts reportAddress': 'is given the name of this host',
  'mail-server/delivery/letter-work.ts readReportInWorker': 'hands a letter to a thread with a deadline, where readReport reads it',
  [of('received-report', 'UnreadableReport')]: 'an error',
  [of('received-report', 'summed')]: 'rows of readDmarcReport and readTlsReport, which are measured with it',
  [of('count-letter', 'countLetter')]: 'takes what the checks found out: ten signatures, names that the DNS can hold',
  [of('count-session', 'countSession')]: 'takes names and addresses of hosts',
  [of('find-destinations', 'findDestinations')]: 'takes records of the DNS, which are bounded, through destinationsIn',
  [of('host-signing-key', 'hostSigningKey')]: 'takes nothing of a stranger',
  [of('post-report', 'postReport')]: 'takes an address of 2,000 characters and what we wrote',
  [of('report-head', 'headOf')]: 'takes names of domains',
  [of('report-head', 'fileName')]: 'takes names of domains',
  [of('report-letter', 'reportLetter')]: 'takes what we wrote',
  [of('reports-worker', 'startReports')]: 'takes nothing of a stranger',
  [of('send-reports', 'sendDueReports')]: 'takes what was counted, which is bounded',
  [of('take-report', 'takeReceivedReport')]: 'hands a letter to a thread, where readReport reads it',
  [of('tls-result', 'tlsResultOf')]: 'looks a name up',
  [of('tls-result', 'isCertificateFault')]: 'looks a name up',
  [of('write-dmarc-report', 'writeDmarcReport')]: 'takes what was counted, which is bounded',
  [of('write-tls-report', 'writeTlsReport')]: 'takes what was counted, which is bounded',
};
