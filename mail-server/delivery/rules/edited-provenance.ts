import type { Judgement, Provenance } from '../../../lib/mime/judgement.ts';
import { readAuthor, soleAuthor, writtenAddress } from '../../../lib/mime/read-author.ts';
import { MessageHeader } from '../../../lib/mime/read-header.ts';
import type { Header } from '../../sieve/letter/header.ts';

/** Nothing vouches for what a script wrote into somebody else's letter. */
const broken: Judgement = { verdict: 'failed', spf: null, dkim: [], dmarc: [], arc: null };

/**
 * What is known of a letter whose header a script has changed (RFC 5293): what was judged is no longer what is shown.
 * - kept: in the mailbox whose script it is, which sees what it did itself; but another author than the one who was judged is nobody's
 * - passed on: others would read in it what its author never wrote. Fields that no program shows (X-…) change nothing.
 */
export function editedProvenance(
  provenance: Provenance,
  edited: { before: Header; after: Header; raw: Buffer; passedOn: boolean },
): Provenance {
  const changed = changedFields(edited.before, edited.after);
  const matters = edited.passedOn ? [...changed].some((key) => !key.startsWith('x-')) : changed.has('from');
  if (!matters) return provenance;
  const author = soleAuthor(readAuthor(new MessageHeader(edited.raw)));
  const { spam, virus } = provenance;
  return {
    origin: edited.passedOn && provenance.origin === 'outside' ? 'outside' : 'unknown',
    author: author && writtenAddress(author),
    judgement: edited.passedOn ? broken : null,
    submittedBy: null,
    ...(spam ? { spam } : {}),
    ...(virus === undefined ? {} : { virus }),
  };
}

function changedFields(before: Header, after: Header): Set<string> {
  const kept = new Set(after.fields);
  return new Set([
    ...before.fields.filter((field) => !kept.has(field)).map(({ key }) => key),
    ...after.fields.filter(({ original }) => !original).map(({ key }) => key),
  ]);
}
