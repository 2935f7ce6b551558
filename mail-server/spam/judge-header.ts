import { parseAddresses } from '../../lib/mime/parse-addresses.ts';
import { parseDate } from '../../lib/mime/parse-date.ts';
import { findField, type HeaderField } from '../../lib/mime/parse-header.ts';
import { parse } from 'tldts';
import type { Reason } from './reason.ts';

const dayMs = 86_400_000;

/** How the head of a letter is made. */
export function judgeHeader(fields: readonly HeaderField[], fromDomain: string, now: number): Reason[] {
  const reasons: Reason[] = [];
  const date = findField(fields, 'date');
  if (date === undefined) reasons.push({ code: 'no-date', points: 0.8 });
  else {
    const sent = parseDate(date);
    if (sent === null || sent > now + 2 * dayMs || sent < now - 60 * dayMs) reasons.push({ code: 'date-far-away', points: 0.7 });
  }
  if (findField(fields, 'message-id') === undefined) reasons.push({ code: 'no-message-id', points: 0.7 });
  const to = findField(fields, 'to') ?? '';
  if (!to.includes('@') && !(findField(fields, 'cc') ?? '').includes('@')) reasons.push({ code: 'undisclosed-recipients', points: 0.7 });
  if (isMisnamed(fields)) reasons.push({ code: 'author-misnamed', points: 2.2 });
  if (fromDomain !== '' && isOdd(fromDomain)) reasons.push({ code: 'sender-odd-domain', points: 1.2, data: fromDomain });
  return reasons;
}

/** "Support, <a@b>": no program writes a name so, only lists of names and addresses that were put together; several authors have a Sender. */
function isMisnamed(fields: readonly HeaderField[]): boolean {
  const from = findField(fields, 'from') ?? '';
  if (/,[\s_(]{0,5}</.test(from)) return true;
  return findField(fields, 'sender') === undefined && parseAddresses(from, 5).filter(({ host }) => host?.includes('.')).length > 1;
}

const longestOrdinary = 9;
const changesOfChance = 3;
const deepest = 4;

/** Letters and digits as they fall ("k3x9vq2t.com"), names under names under names, or no name of the DNS at all. */
function isOdd(domain: string): boolean {
  if (!domain.includes('.')) return true;
  const { domainWithoutSuffix: name, subdomain } = parse(domain, { allowPrivateDomains: false });
  if (!name) return false;
  const changes = name.match(/[a-z](?=\d)|\d(?=[a-z])/g)?.length ?? 0;
  return (name.length >= longestOrdinary && changes >= changesOfChance) || (subdomain ?? '').split('.').length >= deepest;
}
