import type { Judgement, PolicyCheck, SenderCheck, Verdict } from '../../../lib/mime/judgement.ts';
import { type Author, readAuthor, soleAuthor } from '../../../lib/mime/read-author.ts';
import { MessageHeader } from '../../../lib/mime/read-header.ts';
import type { Services } from '../../services.ts';
import { checkAuthorPolicy, organizationOf, type AuthorPolicy } from './check-author-policy.ts';
import { checkSenderPolicy, type Envelope } from './check-sender-policy.ts';
import { checkSignatures, type CheckedSignatures } from './check-signatures.ts';
import { dnsResolverOf } from './dns-resolver.ts';
import { writeResults } from './write-results.ts';

export interface Authenticity {
  /** what was found out, to be stored with the message */
  judgement: Judgement;
  /** the same as an Authentication-Results field (RFC 8601) with its line end */
  results: string;
  /** the owner of an author's domain wants this message refused (DMARC p=reject), and nothing about it is uncertain */
  refused: boolean;
  /** goes to Junk: the owner wants it treated as suspicious (p=quarantine), or the checks ran into a limit that honest mail never meets */
  quarantined: boolean;
  /** the domain whose policy it is */
  domain: string;
  /** SPF: the host that delivers may use the reverse-path, so what is answered to it reaches nobody else */
  senderIsGenuine: boolean;
  /** of the one author domain, for the report to its owner */
  authorPolicy: AuthorPolicy | null;
  /** not decided in time: to take the message unchecked would let whoever owns a slow name server get past the checks */
  unfinished: boolean;
}

const timeLimitMs = 20_000;
const nothing: SenderCheck = { result: 'temperror', domain: '' };

/**
 * Checks SPF, DKIM, ARC and DMARC of a message from outside, for the author that `readAuthor` determined. Never throws: when our DNS does
 * not answer, the results say temperror, and the message is taken, but nothing vouches for it.
 */
export async function checkAuthenticity(
  services: Pick<Services, 'settings' | 'log'>,
  { content, ...envelope }: Envelope & { content: Buffer },
  header = new MessageHeader(content),
  author = readAuthor(header),
): Promise<Authenticity> {
  const { settings, log } = services;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeLimitMs);
  });
  try {
    const judged = await Promise.race([judge(services, content, envelope, header, author), late]);
    return judged ?? { ...undecided(settings.hostName), unfinished: true };
  } catch (error) {
    log.warn({ err: error }, 'authenticity could not be checked');
    return undecided(settings.hostName);
  } finally {
    clearTimeout(timer);
  }
}

async function judge(
  { settings, log }: Pick<Services, 'settings' | 'log'>,
  content: Buffer,
  envelope: Envelope,
  header: MessageHeader,
  author: Author,
): Promise<Authenticity> {
  const resolver = dnsResolverOf(settings);
  const [spf, signatures] = await Promise.all([
    checkSenderPolicy(resolver, envelope, settings.hostName),
    checkSignatures(resolver, content, header, bodyStart(content, header), envelope.remoteAddress),
  ]);
  if (signatures.failure) log.warn({ remote: envelope.remoteAddress, failure: signatures.failure }, 'signatures could not be checked');
  const domains = author.kind === 'known' ? [...new Set(author.candidates.map(({ domain }) => domain))] : [];
  const policies = await Promise.all(domains.map((domain) => checkAuthorPolicy(resolver, domain, spf, signatures.dkim)));
  const dmarc = policies.map(({ check }) => check);
  // only what could have passed for the author's domain makes it uncertain: anybody may add a signature of a domain that never answers
  const isUncertain = ({ domain }: PolicyCheck): boolean =>
    [spf, ...signatures.dkim].some((check) => check.result === 'temperror' && organizationOf(check.domain) === organizationOf(domain));
  const failed = dmarc.filter(({ result }) => result === 'fail');
  const strictest = failed.find(({ policy }) => policy === 'reject') ?? failed.find(({ policy }) => policy === 'quarantine');
  const uncertain = strictest !== undefined && isUncertain(strictest);
  const verdict = verdictOf(author, spf, signatures, dmarc, failed.some(isUncertain));
  const judgement: Judgement = { verdict, spf, dkim: signatures.dkim, dmarc, arc: signatures.arc };
  return {
    judgement,
    results: writeResults(settings.hostName, judgement),
    refused: strictest?.policy === 'reject' && !uncertain,
    quarantined: strictest?.policy === 'quarantine' || signatures.failure === 'hostile',
    domain: strictest?.domain ?? '',
    senderIsGenuine: spf.result === 'pass',
    authorPolicy: policies.length === 1 ? (policies[0] ?? null) : null,
    unfinished: (strictest?.policy === 'reject' && uncertain) || signatures.failure === 'busy',
  };
}

function verdictOf(
  author: Author,
  spf: SenderCheck,
  signatures: CheckedSignatures,
  dmarc: readonly PolicyCheck[],
  uncertain: boolean,
): Verdict {
  if (author.kind !== 'known') return 'failed';
  const sole = soleAuthor(author);
  const organization = sole && organizationOf(sole.domain);
  const own = signatures.dkim.filter(({ domain }) => organizationOf(domain) === organization);
  const policy = dmarc[0];
  // by the records alone (RFC 9989) strangers below one public suffix are one organization if that has a record and does not say what it is
  const speaks = ({ result, domain }: SenderCheck): boolean =>
    result === 'pass' && (organizationOf(domain) === organization || (sole?.domain.endsWith(`.${domain}`) ?? false));
  const vouched =
    policy?.result === 'pass'
      ? [spf, ...signatures.dkim].some(speaks)
      : policy?.result === 'none' && own.some(({ result }) => result === 'pass');
  if (sole && vouched) return 'attested';
  if (uncertain || signatures.failure !== null || dmarc.some(({ result }) => result === 'temperror')) return 'undecided';
  if (dmarc.some(({ result }) => result === 'fail')) return 'failed';
  // without a policy, but what the domain does say of its mail does not hold for this one
  const spoken =
    own.some(({ result }) => result !== 'temperror' && result !== 'none') ||
    (spf.result === 'fail' && organizationOf(spf.domain) === organization);
  return spoken && !own.some(({ result }) => result === 'pass') ? 'failed' : 'unknown';
}

function bodyStart(content: Buffer, { block }: MessageHeader): number {
  const end = block.length;
  return content[end] === 13 ? end + 2 : Math.min(end + 1, content.length);
}

function undecided(hostName: string): Authenticity {
  const judgement: Judgement = {
    verdict: 'undecided',
    spf: nothing,
    dkim: [{ ...nothing, selector: '' }],
    dmarc: [{ ...nothing, policy: '' }],
    arc: null,
  };
  return {
    judgement,
    results: writeResults(hostName, judgement),
    refused: false,
    quarantined: false,
    domain: '',
    senderIsGenuine: false,
    authorPolicy: null,
    unfinished: false,
  };
}
