import { authenticate } from 'mailauth';
import { getDomain } from 'tldts';
import type { Services } from '../services.ts';
import { dnsResolverOf } from './dns-resolver.ts';
import { headerFields, withoutFields } from './header-fields.ts';
import { inSlices } from './in-slices.ts';

export interface Authenticity {
  /** an Authentication-Results field (RFC 8601) with its line end */
  results: string;
  /** the owner of the From domain wants this message refused (DMARC p=reject), and nothing about it is uncertain */
  refused: boolean;
  /** the same owner wants it treated as suspicious (p=quarantine) */
  quarantined: boolean;
  /** the domain whose policy it is */
  domain: string;
  /** SPF: the host that delivers may use the reverse-path, so what is answered to it reaches nobody else */
  senderIsGenuine: boolean;
  /** the checks took too long: to take the message unchecked would let whoever owns a slow name server get past them */
  unfinished: boolean;
}

const timeLimitMs = 20_000;
const mostSignatures = 10;

/**
 * Checks SPF, DKIM, ARC and DMARC of a message from outside. Never throws: when our DNS does not answer, the results say temperror
 * and the message is delivered.
 */
export async function checkAuthenticity(
  services: Services,
  message: { content: Buffer; sender: string; remoteAddress: string; greetedAs: string | null },
): Promise<Authenticity> {
  const { settings, log } = services;
  const resolver = dnsResolverOf(settings);
  const timer = new AbortController();
  try {
    const result = await Promise.race([
      authenticate(inSlices(withFewSignatures(message.content)), {
        ip: message.remoteAddress,
        helo: message.greetedAs ?? '',
        sender: message.sender,
        mta: settings.hostName,
        minBitLength: 1024,
        rejectRsaSha1: true,
        disableBimi: true,
        resolver: async (name, type) => (await resolver.resolve(name, type)) as string[][] | string[],
      }),
      new Promise<null>((resolve) => {
        const timeout = setTimeout(() => resolve(null), timeLimitMs);
        timer.signal.addEventListener('abort', () => clearTimeout(timeout));
      }),
    ]);
    if (!result) return { ...undecided(settings.hostName), unfinished: true };
    const dmarc = result.dmarc || null;
    // only what could have passed for the author's domain makes it uncertain: anybody may add a signature of a domain that never answers
    const author = organization(dmarc?.status.header?.from);
    const checked = [
      ...(result.spf ? [{ domain: result.spf.domain, result: result.spf.status.result }] : []),
      ...(result.dkim.results ?? []).map(({ signingDomain, status }) => ({ domain: signingDomain, result: status.result })),
    ];
    const uncertain = checked.some((check) => check.result === 'temperror' && organization(check.domain) === author);
    const failed = dmarc !== null && dmarc.status.result === 'fail' && !uncertain;
    return {
      results: onlyAuthenticationResults(result.headers) ?? undecided(settings.hostName).results,
      refused: failed && dmarc.policy === 'reject',
      quarantined: failed && dmarc.policy === 'quarantine',
      domain: dmarc?.domain ?? '',
      senderIsGenuine: result.spf ? result.spf.status.result === 'pass' : false,
      unfinished: false,
    };
  } catch (error) {
    log.warn({ err: error }, 'authenticity could not be checked');
    return undecided(settings.hostName);
  } finally {
    timer.abort();
  }
}

/** Each signature costs a look-up and a hash of the body; of thousands only the topmost are looked at (RFC 6376 section 6.1). */
function withFewSignatures(content: Buffer): Buffer {
  const signatures = headerFields(content).fields.filter(({ name }) => name === 'dkim-signature');
  return withoutFields(content, signatures.slice(mostSignatures));
}

const undecided = (hostName: string): Authenticity => ({
  results: `Authentication-Results: ${hostName};\r\n\tspf=temperror;\r\n\tdkim=temperror;\r\n\tdmarc=temperror\r\n`,
  refused: false,
  quarantined: false,
  domain: '',
  senderIsGenuine: false,
  unfinished: false,
});

/** The organizational domain (RFC 7489 section 3.2), by which relaxed alignment compares. */
const organization = (domain: unknown): string | null =>
  typeof domain === 'string' ? (getDomain(domain, { allowPrivateDomains: true }) ?? domain) : null;

/** Of the fields that the library writes, the one with the results. Characters that the checked message smuggled in do not pass. */
function onlyAuthenticationResults(headers: string): string | null {
  const field = headers.split(/\r?\n(?![ \t])/).find((line) => /^authentication-results:/i.test(line));
  return field ? `${field.replace(/[^\t\r\n\x20-\x7e]/g, '?').replace(/\r?\n(?=[ \t])/g, '\r\n')}\r\n` : null;
}
