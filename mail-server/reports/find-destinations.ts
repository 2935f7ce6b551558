import { parseEnvelopePath } from '../../lib/addresses/envelope-path.ts';
import { isReportAddress } from '../../lib/addresses/report-address.ts';
import { organizationOf } from '../delivery/authenticity/check-author-policy.ts';
import { dnsResolverOf } from '../delivery/authenticity/dns-resolver.ts';
import { boundedTexts } from '../delivery/authenticity/bounded-answer.ts';
import type { MailServerSettings } from '../settings.ts';
import type { ReportKind } from '../store/reports/report-counts.ts';
import { decodeLoosely, parseUrl } from '../../lib/addresses/parse-url.ts';

/** Where a domain wants its report; `mostBytes`: what it takes at the most. */
export type Destination =
  | { kind: 'mail'; address: string; domain: string; mostBytes: number }
  /** TLS only */
  | { kind: 'post'; url: string };

/** RFC 7489 section 6.3 asks for two at least. */
const mostDestinations = 5;
const noRecord = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);
const units: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/**
 * Where the report to a domain is to go, by what its DNS says now. Rejects when the DNS does not answer: then later. A destination outside the
 * domain's organization must say that it wants reports about it (RFC 9990 section 4), else anybody could have strangers flooded.
 */
export async function findDestinations(settings: MailServerSettings, kind: ReportKind, domain: string): Promise<Destination[]> {
  const record = onlyRecord(kind, await textsAt(settings, kind === 'tls' ? `_smtp._tls.${domain}` : `_dmarc.${domain}`));
  const listed = record === null ? [] : destinationsIn(record);
  if (kind === 'tls') return listed.slice(0, mostDestinations);
  const mails = listed.flatMap((each) => (each.kind === 'mail' ? [each] : [])).slice(0, mostDestinations);
  return (await Promise.all(mails.map((each) => verified(settings, domain, each)))).flat();
}

type MailDestination = Extract<Destination, { kind: 'mail' }>;

async function verified(settings: MailServerSettings, domain: string, destination: MailDestination): Promise<Destination[]> {
  // where we take reports ourselves, we know that we do
  if (isReportAddress(destination.address, settings.hostName)) return [destination];
  if (organizationOf(destination.domain) === organizationOf(domain)) return [destination];
  const name = `${domain}._report._dmarc.${destination.domain}`;
  if (name.length > 253) return [];
  const confirming = (await textsAt(settings, name)).filter(isDmarc);
  if (confirming.length === 0) return [];
  const overriding = confirming.flatMap((record) => destinationsIn(record));
  if (overriding.length === 0) return [destination];
  const own = overriding.filter((each) => each.kind === 'mail' && each.domain === destination.domain);
  // whoever leads elsewhere from there gets nothing at all
  return own.length === overriding.length ? own.slice(0, 1) : [];
}

const isDmarc = (record: string): boolean => /^v[ \t]{0,10}=[ \t]{0,10}DMARC1[ \t]{0,10}(?:;|$)/.test(record);

/** More than one record is as good as none (RFC 8460 section 3, RFC 9989 section 4.10). */
function onlyRecord(kind: ReportKind, records: readonly string[]): string | null {
  const fitting = records.filter((record) => (kind === 'tls' ? /^v=TLSRPTv1[ \t]{0,10};/.test(record) : isDmarc(record)));
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

async function textsAt(settings: MailServerSettings, name: string): Promise<string[]> {
  try {
    return boundedTexts(await dnsResolverOf(settings).resolve(name, 'TXT')).map((pieces) => pieces.join(''));
  } catch (error) {
    if (error instanceof Error && 'code' in error && noRecord.has(String(error.code))) return [];
    throw error;
  }
}

/** The addresses of a record's `rua`, in their order; what is none that reports can go to is left out. */
export function destinationsIn(record: string): Destination[] {
  const tag = record.split(';').find((part) => /^\s{0,20}rua\s{0,20}=/.test(part)) ?? '';
  return tag
    .slice(tag.indexOf('=') + 1)
    .split(',')
    .slice(0, 20)
    .flatMap((uri) => {
      const destination = destinationFrom(uri.trim());
      return destination ? [destination] : [];
    });
}

function destinationFrom(uri: string): Destination | null {
  const url = /^https:/i.test(uri) ? parseUrl(uri) : null;
  if (url) {
    const { href, username, password } = url;
    return username === '' && password === '' && href.length <= 2_000 ? { kind: 'post', url: href } : null;
  }
  const [, address = '', size = '', unit = ''] = /^mailto:([^!?]{3,500})(?:!(\d{1,12})([kmgt]?))?$/i.exec(uri) ?? [];
  const path = parseEnvelopePath(decodeLoosely(address));
  if (!path?.domain.includes('.')) return null;
  const mostBytes = size === '' ? Number.POSITIVE_INFINITY : Number(size) * (units[unit.toLowerCase()] ?? 1);
  return { kind: 'mail', address: path.text, domain: path.domain, mostBytes };
}
