import { domainToASCII } from 'node:url';
import { organisationOf } from '../../addresses/organisation.ts';
import { isAnybodys } from '../../addresses/anybodys.ts';
import { displayDomain } from '../../addresses/domain-name.ts';
import type { Judgement, Provenance } from '../../mime/judgement.ts';
import type { HeaderField } from '../../mime/parse-header.ts';
import { junkReasons } from './junk-reasons.ts';
import type { Person, Trust, TrustVerdict } from '../reading/mail-message.ts';

const domainOf = (address: string): string =>
  address
    .slice(address.lastIndexOf('@') + 1)
    .toLowerCase()
    .replace(/\.$/, '');
const aligned = (one: string, other: string): boolean => one !== '' && organisationOf(one) === organisationOf(other);

/**
 * What the page says of the sender: what the mail server stored when the message came in (lib/mime/judgement.ts), never what stands in
 * the message, where anybody can write anything.
 */
export function trustOf(
  { origin, author, judgement, spam, released }: Provenance,
  from: readonly Person[],
  replyTo: readonly Person[],
  fields: readonly HeaderField[] = [],
): Trust {
  const shown = domainOf(author ?? from[0]?.address ?? '');
  const elsewhere = replyTo.find(({ address }) => address !== '' && !aligned(domainOf(address), shown));
  const verdict = verdictOf(origin, author, judgement);
  return {
    verdict,
    domain: displayDomain(shown),
    house:
      verdict === 'verified' && !isAnybodys(organisationOf(shown)) && !isDiscussion(fields) ? domainToASCII(organisationOf(shown)) : '',
    results: judgement ? wordsOf(judgement) : [],
    replyTo: elsewhere?.address ?? '',
    junk: junkReasons(spam),
    borrowsName: spam?.reasons.some(({ code }) => code === 'name-is-brand') ?? false,
    released: released ?? null,
  };
}

/** A list that its readers write to (RFC 2369 section 3.4): its domain vouches for the list, not for what one of them wrote. */
const isDiscussion = (fields: readonly HeaderField[]): boolean =>
  fields.some(({ key, value }) => key === 'list-post' && !/^no\b/i.test(value));

function verdictOf(origin: Provenance['origin'], author: string | null, judgement: Judgement | null): TrustVerdict {
  if (origin === 'submitted') return author === null ? 'neutral' : 'house';
  if (origin === 'report') return 'house';
  if (judgement?.verdict === 'attested') return 'verified';
  return judgement?.verdict === 'failed' || judgement?.verdict === 'undecided' ? 'warning' : 'neutral';
}

/** The results in the words of RFC 8601, for the details. */
function wordsOf({ spf, dkim, dmarc, arc }: Judgement): string[] {
  const word = (method: string, { result, domain }: { result: string; domain: string }): string =>
    `${method}=${result}${domain === '' ? '' : ` (${domain})`}`;
  return [
    ...(spf ? [word('spf', spf)] : []),
    ...dkim.map((check) => word('dkim', check)),
    ...dmarc.map((check) => word('dmarc', check)),
    ...(arc === null ? [] : [`arc=${arc}`]),
  ];
}

/**
 * Written by the reader: submitted by this very mailbox, or put by its own programs where they keep what they send. A letter from outside
 * stays one, whoever it claims to be from and wherever it is moved; so does one of somebody else that the reader passed on.
 */
export const isOwn = ({ origin, author, submittedBy }: Provenance, mailboxId: number, liesWithOwn: boolean): boolean =>
  origin === 'submitted' ? submittedBy === mailboxId && author !== null : liesWithOwn && (origin === 'appended' || origin === 'unknown');
