import { parseDomainName } from '../../lib/addresses/domain-name.ts';
import type { Judgement } from '../../lib/mime/judgement.ts';
import { type Author, soleAuthor } from '../../lib/mime/read-author.ts';
import type { Services } from '../services.ts';

/**
 * What a domain that is proved here sends, this house signs: a letter from outside in its name, for which neither that signature nor the domain's
 * own SPF speaks, has failed a check, whatever the domain says of itself in the DNS. Who pretends to be a colleague, or the reader
 * himself, wears no neutral face.
 */
export async function judgeOwnDomain(
  { directory }: Pick<Services, 'directory'>,
  author: Author,
  judgement: Judgement,
  hostedVersion: number,
): Promise<Judgement> {
  const domain = parseDomainName(soleAuthor(author)?.domain ?? '');
  if (judgement.verdict !== 'unknown' || !domain || isSpfOf(domain, judgement)) return judgement;
  return (await directory.isProved(domain, hostedVersion)) ? { ...judgement, verdict: 'failed' } : judgement;
}

/** A host that the domain's owner named: the web site that writes to its own people. */
const isSpfOf = (domain: string, { spf }: Judgement): boolean => spf?.result === 'pass' && spf.domain === domain;
