import { dmarc } from 'mailauth';
import { getDomain } from 'tldts';
import type { PolicyCheck, SenderCheck } from '../../lib/mime/judgement.ts';
import type { DnsResolver } from './dns-resolver.ts';
import { policyResolver } from './policy-resolver.ts';

/**
 * DMARC (RFC 7489) of one author domain, by what SPF and DKIM found. The domain is that of the author whom we determined and show; the
 * library does not read the message again.
 */
export async function checkAuthorPolicy(
  resolver: DnsResolver,
  domain: string,
  spf: SenderCheck,
  dkim: readonly SenderCheck[],
): Promise<PolicyCheck> {
  if (!domain.includes('.') || domain.startsWith('[')) return { result: 'none', domain, policy: '' };
  const passed = dkim.filter(({ result }) => result === 'pass').map((each) => each.domain);
  const result = await dmarc({
    headerFrom: [`author@${domain}`],
    spfDomains: spf.result === 'pass' ? [spf.domain] : [],
    dkimDomains: [...new Set(passed)].map((each) => ({ id: each, domain: each })),
    resolver: policyResolver(resolver),
  });
  if (!result) return { result: 'none', domain, policy: '' };
  const { status, policy } = result;
  return {
    result: results.has(status.result) ? status.result : 'permerror',
    domain,
    policy: policies.has(policy ?? '') ? (policy ?? '') : '',
  };
}

const results = new Set(['pass', 'fail', 'none', 'temperror', 'permerror']);
const policies = new Set(['none', 'quarantine', 'reject']);

/** The organizational domain (RFC 7489 section 3.2), by which relaxed alignment compares. */
export const organizationOf = (domain: string): string => getDomain(domain, { allowPrivateDomains: true }) ?? domain;
