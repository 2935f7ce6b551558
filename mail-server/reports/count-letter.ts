import type { MessageHeader } from '../../lib/mime/read-header.ts';
import type { SignatureCheck } from '../../lib/mime/judgement.ts';
import { organizationOf, type AuthorPolicy } from '../delivery/authenticity/check-author-policy.ts';
import type { Authenticity } from '../delivery/authenticity/check-authenticity.ts';
import type { Services } from '../services.ts';
import { countsOf } from '../store/reports/report-counts.ts';
import type { DmarcFacts } from './dmarc-facts.ts';
import { plainAddress } from '../../lib/addresses/plain-address.ts';

const mostSignatures = 10;
/** a selector may be any text that a stranger likes; others say nothing to anybody */
const named = /^[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?$/i;

interface Letter {
  authenticity: Authenticity;
  header: MessageHeader;
  remoteAddress: string;
  /** the reverse-path, "" for the null sender */
  sender: string;
}

/** Counts a letter that came from outside for the daily report to the owner of its author's domain, if he asks for one. */
export function countLetter({ settings, database }: Pick<Services, 'settings' | 'database'>, letter: Letter): void {
  const { authenticity, header } = letter;
  const policy = authenticity.authorPolicy;
  if (!settings.sendsReports || !policy?.published?.asksForReports) return;
  const { result } = policy.check;
  if (result !== 'pass' && result !== 'fail') return;
  // two hosts that report about each other's reports would do so for ever
  if (result === 'pass' && isReport(header)) return;
  countsOf(database).add({
    kind: 'dmarc',
    organization: organizationOf(policy.published.domain),
    domain: policy.published.domain,
    success: result === 'pass',
    facts: factsOf(letter, policy, policy.published),
  });
}

const isReport = (header: MessageHeader): boolean =>
  header.named('tls-report-domain').length > 0 ||
  header.named('subject').some((field) => /^\s*Report\s+Domain:/i.test(header.value(field).slice(0, 200)));

function factsOf({ authenticity, remoteAddress, sender }: Letter, policy: AuthorPolicy, published: NonNullable<AuthorPolicy['published']>) {
  const { check, aligned } = policy;
  const { spf, dkim } = authenticity.judgement;
  const { domain, p, sp, np, adkim, aspf, fo, testing } = published;
  const facts: DmarcFacts = {
    policy: { domain, p, sp, np, adkim, aspf, fo, testing },
    ip: plainAddress(remoteAddress),
    disposition: dispositionOf(authenticity, policy),
    dkim: aligned.dkim ? 'pass' : 'fail',
    spf: aligned.spf ? 'pass' : 'fail',
    reason: check.result === 'fail' && testing && p !== 'none' ? 'policy_test_mode' : '',
    headerFrom: check.domain,
    envelopeFrom: sender === '' ? '' : (spf?.domain ?? ''),
    signatures: reported(dkim, check.domain),
    sender: spf && spf.domain !== '' ? { domain: spf.domain, result: spf.result } : null,
  };
  return facts;
}

/** RFC 9990 section 3.1.1.9: what passes where something is asked for is "pass", where nothing is "none". */
function dispositionOf({ refused, quarantined }: Authenticity, { check, published }: AuthorPolicy): DmarcFacts['disposition'] {
  if (check.result === 'pass') return published?.p === 'none' ? 'none' : 'pass';
  if (refused) return 'reject';
  return quarantined && check.policy === 'quarantine' ? 'quarantine' : 'none';
}

/** RFC 9990 section 3.1.3: those that pass for the author's own name, those of his organization, others that pass, and the rest. */
function reported(signatures: readonly SignatureCheck[], author: string): DmarcFacts['signatures'] {
  const rank = ({ result, domain }: SignatureCheck): number =>
    result !== 'pass' ? 3 : domain === author ? 0 : organizationOf(domain) === organizationOf(author) ? 1 : 2;
  return signatures
    .filter(({ domain, selector }) => named.test(domain) && named.test(selector))
    .toSorted((left, right) => rank(left) - rank(right))
    .slice(0, mostSignatures)
    .map(({ domain, selector, result }) => ({ domain: domain.toLowerCase(), selector: selector.toLowerCase(), result }));
}
