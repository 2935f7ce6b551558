import { dmarc } from 'mailauth';
import { getDomain } from 'tldts';
import { recordTags } from '../../../lib/dkim/key-record.ts';
import type { PolicyCheck, SenderCheck } from '../../../lib/mime/judgement.ts';
import type { DnsResolver } from './dns-resolver.ts';
import { policyResolver } from './policy-resolver.ts';
import { wordTable } from '../../../lib/mime/word-table.ts';

/** What the owner of a domain has published, as a report tells it back to him. */
export interface PublishedPolicy {
  /** the domain at which the record was found */
  domain: string;
  p: string;
  sp: string;
  np: string;
  adkim: 'r' | 's';
  aspf: 'r' | 's';
  fo: string;
  /** t=y, or pct below 100: one step less is done than what is asked for */
  testing: boolean;
  /** it names somebody for aggregate reports */
  asksForReports: boolean;
}

/** The check of one author domain, and what an aggregate report says of it. */
export interface AuthorPolicy {
  check: PolicyCheck;
  /** null: no record, or it could not be had */
  published: PublishedPolicy | null;
  aligned: { dkim: boolean; spf: boolean };
}

/**
 * DMARC (RFC 7489) of one author domain, by what SPF and DKIM found. The domain is that of the author whom we determined and show; the
 * library does not read the message again.
 */
export async function checkAuthorPolicy(
  resolver: DnsResolver,
  domain: string,
  spf: SenderCheck,
  dkim: readonly SenderCheck[],
): Promise<AuthorPolicy> {
  const none: AuthorPolicy = { check: { result: 'none', domain, policy: '' }, published: null, aligned: { dkim: false, spf: false } };
  if (!domain.includes('.') || domain.startsWith('[')) return none;
  const passed = dkim.filter(({ result }) => result === 'pass').map((each) => each.domain);
  const result = await dmarc({
    headerFrom: [`author@${domain}`],
    spfDomains: spf.result === 'pass' ? [spf.domain] : [],
    dkimDomains: [...new Set(passed)].map((each) => ({ id: each, domain: each })),
    resolver: policyResolver(resolver),
  });
  if (!result) return none;
  const { status, policy = '' } = result;
  return {
    check: {
      result: results.has(status.result) ? status.result : 'permerror',
      domain,
      policy: (isSampled(result) ? oneLess.get(policy) : undefined) ?? (policies.has(policy) ? policy : ''),
    },
    published: publishedIn(result),
    aligned: { dkim: Boolean(result.alignment?.dkim.result), spf: Boolean(result.alignment?.spf.result) },
  };
}

/** The library keeps the record beside its result, out of sight of its types. */
type Result = NonNullable<Awaited<ReturnType<typeof dmarc>>> & { policyDomain?: string; p?: string; testMode?: boolean; record?: unknown };

const oneLess = wordTable<string>({ reject: 'quarantine', quarantine: 'none' });

/**
 * The owner tries his policy on some of his mail yet (`pct`, RFC 7489 section 6.6.4). RFC 9989 has no such tag and the library does not look at it;
 * records have it still. For no letter of such a domain more is done than what holds for the others: which one is meant nobody says.
 */
function isSampled({ record, testMode = false }: Result): boolean {
  const text = (record as { rr?: unknown } | undefined)?.rr;
  const percent = typeof text === 'string' ? recordTags(text).get('pct') : undefined;
  return !testMode && percent !== undefined && /^\d{1,2}$/.test(percent);
}

function publishedIn(result: Result): PublishedPolicy | null {
  const { policyDomain, p = 'none', testMode = false } = result;
  const record = (result.record ?? {}) as Readonly<Record<string, unknown>>;
  if (!policyDomain) return null;
  const policyOf = (value: unknown): string => (typeof value === 'string' && policies.has(value) ? value : '');
  return {
    domain: policyDomain,
    p,
    sp: policyOf(record['sp']),
    np: policyOf(record['np']),
    adkim: record['adkim'] === 's' ? 's' : 'r',
    aspf: record['aspf'] === 's' ? 's' : 'r',
    fo: /^[01ds](?::[01ds]){0,3}$/.exec(String(record['fo'] ?? ''))?.[0] ?? '',
    testing: testMode || isSampled(result),
    asksForReports: typeof record['rua'] === 'string',
  };
}

const results = new Set(['pass', 'fail', 'none', 'temperror', 'permerror']);
const policies = new Set(['none', 'quarantine', 'reject']);

/** The organizational domain (RFC 7489 section 3.2), by which relaxed alignment compares; of any name in the DNS ("srv-.firma.at"), not of hosts' only. */
export const organizationOf = (domain: string): string =>
  getDomain(domain, { allowPrivateDomains: true, validateHostname: false }) ?? domain;
