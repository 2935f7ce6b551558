import { onceFor } from '../../../lib/config/once-for.ts';
import { BoundedMap } from '../../../lib/workers/bounded-map.ts';
import { dnsResolverOf } from '../../delivery/authenticity/dns-resolver.ts';
import type { MailServerSettings } from '../../settings.ts';
import type { Services } from '../../services.ts';
import { keepStsPolicy, readStsPolicy, type StsPolicy } from '../../store/queue/sts-policies.ts';
import { isCertificateFault } from '../../reports/tls-result.ts';
import { fetchStsPolicy } from './fetch-sts-policy.ts';
import { parseStsPolicy, parseStsRecord } from './parse-sts-policy.ts';

type Needs = Pick<Services, 'settings' | 'database' | 'log'>;

/** RFC 8461 section 3.3: what could not be fetched is not asked for again at once. */
const failedForMs = 300_000;
const mostFailed = 10_000;

interface Failure {
  /** when it may be asked again, in this process */
  until: number;
  result: StsFailure;
}

type StsFailure = 'sts-policy-fetch-error' | 'sts-policy-invalid' | 'sts-webpki-invalid';

const failuresOf = onceFor<MailServerSettings, Map<string, Failure>>(() => new BoundedMap(mostFailed));

/** Why there is no policy of a domain that announces one, as the report to it says (RFC 8460 section 4.3.2.2); null: nothing is known. */
export function stsFailureOf(settings: MailServerSettings, domain: string): StsFailure | null {
  const failure = failuresOf(settings).get(domain);
  return failure && failure.until > performance.now() ? failure.result : null;
}

/**
 * What a domain asks of whoever sends to it. A policy that was fetched once holds for as long as it says, whatever the DNS says or does not say
 * meanwhile: an attacker who can silence the DNS must not be able to switch it off (section 10.2).
 */
export async function findStsPolicy(services: Needs, domain: string): Promise<StsPolicy | null> {
  if (!domain.includes('.') || domain.startsWith('[')) return null;
  const [kept, id] = await Promise.all([readStsPolicy(services.database, domain), announcedId(services, domain)]);
  if (id === null || (kept?.id === id && !kept.old)) return kept?.policy ?? null;
  const failedUntil = failuresOf(services.settings);
  let fetched = false;
  if ((failedUntil.get(domain)?.until ?? 0) > performance.now()) return kept?.policy ?? null;
  try {
    const text = await fetchStsPolicy(services.settings, domain);
    fetched = true;
    const policy = parseStsPolicy(text);
    if (!policy) throw new Error('not a policy of RFC 8461');
    failedUntil.delete(domain);
    // it holds now, whether it can be kept or not
    await keepStsPolicy(services.database, domain, id, policy).catch((error: unknown) =>
      services.log.warn({ domain, err: error }, 'an MTA-STS policy could not be kept'),
    );
    return policy;
  } catch (error) {
    services.log.info({ domain, err: error }, 'an MTA-STS policy could not be fetched');
    failedUntil.set(domain, { until: performance.now() + failedForMs, result: fetched ? 'sts-policy-invalid' : stsFailureFrom(error) });
    return kept?.policy ?? null;
  }
}

function stsFailureFrom(error: unknown): StsFailure {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : '';
  return isCertificateFault(reason) ? 'sts-webpki-invalid' : 'sts-policy-fetch-error';
}

async function announcedId({ settings }: Needs, domain: string): Promise<string | null> {
  try {
    const records = await dnsResolverOf(settings).resolve(`_mta-sts.${domain}`, 'TXT');
    return parseStsRecord(records.map((parts) => parts.join('')));
  } catch {
    return null;
  }
}
