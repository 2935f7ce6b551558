import { reportAddress } from '../addresses/report-address.ts';
import type { RecordFinding } from './record-finding.ts';
import { ownershipValue, spfValue, stsRecordValue, type HostFacts } from './expected-records.ts';
import { recordTags as tags } from '../dkim/key-record.ts';
import type { Answer } from './lookup.ts';

export const finding = (state: RecordFinding['state'], remark: string, found: string[] = []): RecordFinding => ({ state, remark, found });
export const unreachable = ({ why }: { why: string }): RecordFinding => finding('unknown', 'unreachable', [why]);

/** The records of a name that begin as those of one purpose do. */
const among = (answer: Answer<string>, beginning: RegExp): string[] =>
  answer.kind === 'found' ? answer.values.filter((value) => beginning.test(value)) : [];

export function checkOwnership(answer: Answer<string>, token: string): RecordFinding {
  if (answer.kind === 'unreachable') return unreachable(answer);
  if (answer.kind === 'none') return finding('missing', 'none');
  const wanted = ownershipValue(token);
  return answer.values.some((value) => value.trim() === wanted)
    ? finding('right', 'confirmed', [wanted])
    : finding('wrong', 'other', answer.values);
}

/** Right only if every exchange is ours: mail goes to whatever stands there, also to the old provider's. */
export function checkMx(answer: Answer<{ preference: number; exchange: string }>, host: string): RecordFinding {
  if (answer.kind === 'unreachable') return unreachable(answer);
  // RFC 7505: "0 ." says that the domain takes no mail
  if (answer.kind === 'none' || answer.values.every(({ exchange }) => exchange === '')) return finding('missing', 'none');
  const sorted = answer.values.toSorted((a, b) => a.preference - b.preference);
  const found = sorted.map(({ preference, exchange }) => `${preference} ${exchange}`);
  const ours = sorted.filter(({ exchange }) => exchange === host.toLowerCase());
  // of those with the same preference a sender takes any (RFC 5321 section 5.1)
  const first = sorted.filter(({ preference }) => preference === sorted[0]?.preference);
  if (ours.length === 0) return finding('wrong', 'elsewhere', found);
  if (ours.length === sorted.length) return finding('right', 'here', found);
  return first.every((one) => ours.includes(one)) ? finding('note', 'also-elsewhere', found) : finding('wrong', 'elsewhere-first', found);
}

/** Looks for what lets this host send (RFC 7208): `a:host`, or `mx` where the MX points here. Does not follow `include:`. */
export function checkSpf(answer: Answer<string>, host: string, mxIsOurs: boolean): RecordFinding {
  if (answer.kind === 'unreachable') return unreachable(answer);
  const records = among(answer, /^v=spf1(\s|$)/i);
  const [record] = records;
  if (record === undefined) return finding('missing', 'none');
  // section 4.5: more than one is an error, and the whole policy is void
  if (records.length > 1) return finding('wrong', 'several', records);
  const written = record.trim().toLowerCase().split(/\s+/).slice(1);
  const all = written.findIndex((term) => allTerm.test(term));
  // section 5.1: nobody looks at what stands behind `all`
  const terms = all < 0 ? written : written.slice(0, all + 1);
  const allowed = terms.some((term) => {
    const mechanism = term.replace(/^\+/, '');
    return mechanism === `a:${host.toLowerCase()}` || (mxIsOurs && mechanism === 'mx');
  });
  if (!allowed) return { ...finding('wrong', 'not-allowed', records), suggestion: extendedSpf(record, host) };
  if (terms.some((term) => term === '+all' || term === 'all'))
    return { ...finding('wrong', 'everybody', records), suggestion: spfValue(host) };
  if (terms.some((term) => term.startsWith('include:'))) return finding('note', 'others-too', records);
  return finding('right', 'allowed', records);
}

const allTerm = /^[+?~-]?all$/i;

/** The record that is there, with this host let in before its `all`. */
function extendedSpf(record: string, host: string): string {
  const own = `a:${host.toLowerCase()}`;
  const terms = record
    .trim()
    .split(/\s+/)
    .filter((term) => term.toLowerCase().replace(/^\+/, '') !== own);
  const last = terms.findIndex((term) => allTerm.test(term) || /^redirect=/i.test(term));
  const at = last < 0 ? terms.length : last;
  return [...terms.slice(0, at), `a:${host}`, ...terms.slice(at)].join(' ');
}

export function checkDmarc(answer: Answer<string>): RecordFinding {
  if (answer.kind === 'unreachable') return unreachable(answer);
  // RFC 7489 section 6.3: in these letters, and no others
  const records = among(answer, /^v[ \t]*=[ \t]*DMARC1[ \t]*(;|$)/);
  const [record] = records;
  if (record === undefined) return finding('missing', 'none');
  if (records.length > 1) return finding('wrong', 'several', records);
  const policy = tags(record).get('p')?.toLowerCase() ?? '';
  if (!['none', 'quarantine', 'reject'].includes(policy)) return finding('wrong', 'no-policy', records);
  return finding('right', policy === 'none' ? 'watching' : policy, records);
}

/** Optional. A record with another id makes those who send here ask for the policy once more, and is no harm by itself. */
export function checkSts(answer: Answer<string>, host: HostFacts): RecordFinding {
  if (answer.kind === 'unreachable') return unreachable(answer);
  const records = among(answer, /^v=STSv1\s*;/);
  const [record] = records;
  if (record === undefined) return finding('note', 'none');
  // RFC 8461 section 3.1: with more than one there is no policy
  if (records.length > 1) return finding('wrong', 'several', records);
  if (tags(record).get('id') !== tags(stsRecordValue(host)).get('id')) return finding('note', 'other', records);
  return finding('right', host.stsMode, records);
}

/** Optional. Reports may go to anybody. */
export function checkTlsReports(answer: Answer<string>, host: string): RecordFinding {
  if (answer.kind === 'unreachable') return unreachable(answer);
  const records = among(answer, /^v=TLSRPTv1\s*;/);
  const [record] = records;
  if (record === undefined) return finding('note', 'none');
  // RFC 8460 section 3: with more than one nobody reports
  if (records.length > 1) return finding('wrong', 'several', records);
  return goesTo(record, reportAddress('tls', host)) ? finding('right', 'here', records) : finding('note', 'other', records);
}

/** Whether a record with `rua` names an address. */
export const goesTo = (record: string, address: string): boolean =>
  (tags(record).get('rua') ?? '')
    .toLowerCase()
    .split(',')
    .some((uri) => uri.replace(/!.*$/, '') === `mailto:${address}`);

/** Optional: programs also find their settings by asking this web for them. So what is missing is only a note. */
export function checkSetup(
  answers: Record<'autoconfig' | 'imaps' | 'submissions' | 'pop3s' | 'sieve' | 'autodiscover', Answer<string>>,
  { host, webHost, ports }: HostFacts,
): RecordFinding {
  const all = Object.values(answers);
  const silent = all.find((answer) => answer.kind === 'unreachable');
  if (silent?.kind === 'unreachable') return unreachable(silent);
  const ends = (answer: Answer<string>, end: string) =>
    answer.kind === 'found' && answer.values.some((value) => value.endsWith(end.toLowerCase()));
  const right = [
    ends(answers.autoconfig, webHost),
    ends(answers.imaps, ` ${ports.imaps} ${host}`),
    ends(answers.submissions, ` ${ports.submissions} ${host}`),
    ends(answers.pop3s, ` ${ports.pop3s} ${host}`),
    ends(answers.sieve, ` ${ports.sieve} ${host}`),
    ends(answers.autodiscover, ` 443 ${webHost}`),
  ].filter(Boolean).length;
  const found = all.flatMap((answer) => (answer.kind === 'found' ? answer.values : []));
  if (right === all.length) return finding('right', 'complete', found);
  return finding('note', found.length === 0 ? 'none' : 'partly', found);
}
