import { parseDomainName } from '../../lib/addresses/domain-name.ts';
import type { Judgement } from '../../lib/mime/judgement.ts';
import type { Author } from '../../lib/mime/read-author.ts';
import type { Services } from '../services.ts';

/**
 * What a domain that is proved here sends, and this host itself, this house signs: a letter from outside in its name, for which neither that signature
 * nor the domain's own SPF speaks, has failed a check, whatever the domain says of itself in the DNS. Who pretends to be a colleague, the reader
 * himself or the house wears no neutral face, nor does he who names somebody else beside.
 */
export async function judgeOwnDomain(
  { directory, settings }: Pick<Services, 'directory' | 'settings'>,
  author: Author,
  judgement: Judgement,
  hostedVersion: number,
): Promise<Judgement> {
  if (judgement.verdict !== 'unknown' || author.kind !== 'known') return judgement;
  for (const domain of new Set(author.candidates.map((each) => parseDomainName(each.domain)))) {
    if (!domain || speaksFor(domain, judgement)) continue;
    if (domain === settings.hostName || (await directory.isProved(domain, hostedVersion))) return { ...judgement, verdict: 'failed' };
  }
  return judgement;
}

/** Of several authors each has his own; SPF: a host that the domain's owner named, as the web site that writes to its own people. */
const speaksFor = (domain: string, { spf, dkim, dmarc }: Judgement): boolean =>
  [...(spf ? [spf] : []), ...dkim, ...dmarc].some((check) => check.result === 'pass' && check.domain === domain);
