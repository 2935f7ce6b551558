import type { Judgement, SpamVerdict } from '../../lib/mime/judgement.ts';
import { isAnybodys } from '../../lib/addresses/anybodys.ts';
import { bayesReason, type TokenCounts } from './bayes.ts';
import { isBorrowedName } from './borrowed-name.ts';
import { hasCheapSuffix, imitatedBrand, isBrandItself, pretendedBrand } from './judge-links.ts';
import type { LetterFeatures } from './letter-features.ts';
import { organisationOf } from '../../lib/addresses/organisation.ts';
import type { Reason } from './reason.ts';

/** how much speaks against a letter before it goes to Junk */
export type SpamMode = 'strict' | 'normal' | 'off';
const limits: Record<Exclude<SpamMode, 'off'>, number> = { normal: 5, strict: 3.5 };

/** What is known of where a letter came from, the same for every mailbox. */
export interface ArrivalContext {
  /** null: checked by the host in front of us, or not at all */
  judgement: Judgement | null;
  /** what the DNS says of the sender and his host, and others' filters */
  arrival: Reason[];
}

/** What is known of one mailbox. */
export interface MailboxContext {
  mode: SpamMode;
  /** the mailbox wrote to this author before */
  wroteTo: boolean;
  /** the author is of the same customer */
  isColleague: boolean;
  /** it answers a letter of a conversation in which the mailbox or a colleague wrote */
  answersOwn: boolean;
  counts: TokenCounts;
}

export const stranger: MailboxContext = {
  mode: 'normal',
  wroteTo: false,
  isColleague: false,
  answersOwn: false,
  counts: { letters: [], tokens: [] },
};

const round = (points: number): number => Math.round(points * 100) / 100;

/** What speaks for and against a letter in a mailbox, added up. Pure, and linear in what was found. */
export function scoreLetter(
  features: LetterFeatures,
  { judgement, arrival }: ArrivalContext,
  mailbox: MailboxContext,
): SpamVerdict & { score: number } {
  const attested = judgement?.verdict === 'attested';
  // a list with a way out that somebody stands for is one that people subscribe to: what it writes about is their affair
  const subscribed =
    features.isList && attested && pretendedBrand(features.fromName, features.fromDomain) === null && !hasCheapSuffix(features.fromDomain);
  // nobody says that he wrote it, it was not sent to many, and where it leads is not his
  const strays = judgement !== null && !attested && !features.isList && features.reasons.some(strayed);
  const share = subscribed
    ? 0.65
    : features.isList && (judgement?.verdict ?? 'unknown') === 'unknown' && !hasCheapSuffix(features.fromDomain)
      ? 0.75
      : 1;
  // the likeness was learnt from what strangers write
  const isKnown = (mailbox.isColleague || mailbox.wroteTo) && (attested || judgement === null);
  const found = isKnown ? features.reasons.filter(({ code }) => code !== 'reads-like-spam') : features.reasons;
  const reasons = [
    ...found.map((reason) =>
      isOfWords(reason)
        ? { ...reason, points: reason.points * share }
        : strays && strayed(reason)
          ? { ...reason, points: judgement.verdict === 'failed' ? 1.5 : 1 }
          : reason,
    ),
    ...arrival,
    ...judgeAuthenticity(judgement, features),
    ...judgeAuthor(features, judgement, mailbox),
    ...(subscribed && !features.reasons.some(({ code }) => hides.has(code)) ? [{ code: 'wanted-list', points: -1 } as const] : []),
    ...judgeAcquaintance(mailbox, attested, judgement),
  ];
  const learnt = bayesReason(features, mailbox.counts);
  if (learnt) reasons.push(learnt);
  const content = reasons.filter(isOfWords).reduce((sum, { points }) => sum + points, 0);
  // many words of many kinds stand in any long letter: beyond some points words alone say little more
  const tempered = content > mostOfWords ? mostOfWords - content : 0;
  const score = round(reasons.reduce((sum, { points }) => sum + points, tempered));
  const percent = Math.max(0, Math.min(100, Math.round(score * 10)));
  const junk = mailbox.mode !== 'off' && score >= limits[mailbox.mode];
  const strongest = reasons
    .map((reason) => ({ ...reason, points: round(reason.points) }))
    .sort((one, other) => Math.abs(other.points) - Math.abs(one.points));
  return { score, percent, junk, reasons: strongest.slice(0, mostReasons) };
}

const strayed = ({ code }: Reason): boolean => code === 'link-elsewhere';
const isOfWords = ({ code }: Reason): boolean => code.startsWith('words-');
const mostOfWords = 8;
const mostReasons = 12;

const hides = new Set<Reason['code']>([
  'link-disguised',
  'link-with-sign-in',
  'link-of-brand',
  'link-pretends',
  'dangerous-attachment',
  'only-link',
  'only-pictures',
]);

function judgeAuthenticity(judgement: Judgement | null, { isList, fromName, fromDomain, reasons: found }: LetterFeatures): Reason[] {
  if (!judgement) return [];
  switch (judgement.verdict) {
    case 'attested':
      // anybody may stand for a throw-away name; what leads behind others' names, or brings a program, is not better for it
      return found.some(({ code }) => hides.has(code)) || pretendedBrand(fromName, fromDomain) !== null
        ? []
        : [{ code: 'author-attested', points: -0.5 }];
    case 'failed':
      // lists change what they pass on; that they are lists, their own host vouches for
      return [{ code: 'author-failed', points: isList && isVouchedBySomebody(judgement) ? 0.8 : 2.4, data: judgement.spf?.domain ?? '' }];
    case 'unknown':
      return isVouchedBySomebody(judgement)
        ? [{ code: 'author-unvouched', points: 0.5 }]
        : [
            {
              code: 'author-unvouched',
              points: unvouched(
                judgement,
                found.some(({ code }) => hides.has(code)),
              ),
            },
          ];
    default:
      return [];
  }
}

/** Whose domain says that its letters come from elsewhere, and who leads to where nobody knows the host, is twice a stranger. */
const unvouched = ({ spf }: Judgement, hidesSomething: boolean): number =>
  spf?.result === 'softfail' || spf?.result === 'fail' ? (hidesSomething ? 2.3 : 1.8) : 1;

const isVouchedBySomebody = ({ spf, dkim }: Judgement): boolean => spf?.result === 'pass' || dkim.some(({ result }) => result === 'pass');

function judgeAuthor(features: LetterFeatures, judgement: Judgement | null, { wroteTo, isColleague }: MailboxContext): Reason[] {
  const { fromDomain, replyDomain, fromName, linkDomains, reasons: found } = features;
  const attested = judgement?.verdict === 'attested';
  const reasons: Reason[] = [];
  const offers = found.filter(isOfWords).reduce((sum, { points }) => sum + points, 0);
  if (offers >= 2.5 && isAnybodys(fromDomain)) reasons.push({ code: 'offer-from-free-mail', points: 1, data: fromDomain });
  if (replyDomain !== '' && organisationOf(replyDomain) !== organisationOf(fromDomain)) {
    reasons.push({ code: 'reply-elsewhere', points: isAnybodys(replyDomain) ? 1.8 : 0.4, data: replyDomain });
  }
  if (attested && isBrandItself(fromDomain) && !isAnybodys(fromDomain))
    reasons.push({ code: 'author-attested', points: -2, data: fromDomain });
  const brand = pretendedBrand(fromName, fromDomain);
  const imitated = imitatedBrand(fromDomain);
  if (brand === null && imitated !== null) reasons.push({ code: 'name-of-brand', points: imitation, data: imitated });
  if (brand)
    reasons.push({
      code: !wroteTo && !isColleague && isBorrowedName(brand, features, judgement) ? 'name-is-brand' : 'name-of-brand',
      points:
        (attested && !isAnybodys(fromDomain) ? 1.2 : linkDomains.length > 0 ? 2.2 : 1.4) +
        (isAnybodys(replyDomain) ? 1.5 : 0) +
        (imitated === null ? 0 : imitation),
      data: brand,
    });
  if (hasCheapSuffix(fromDomain)) reasons.push({ code: 'sender-cheap-domain', points: 0.8, data: fromDomain });
  const shown = /[\w.+-]{1,64}@((?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24})/.exec(fromName)?.[1];
  if (shown !== undefined && organisationOf(shown) !== organisationOf(fromDomain)) {
    reasons.push({ code: 'name-shows-other-address', points: 2, data: shown });
  }
  return reasons;
}

/** a domain that reads like a house's own, beside what its name says */
const imitation = 1.2;

/** Acquaintance counts where the author is who he says. */
function judgeAcquaintance({ wroteTo, isColleague, answersOwn }: MailboxContext, attested: boolean, judgement: Judgement | null): Reason[] {
  const believed = attested || judgement === null || judgement.verdict === 'unknown';
  const reasons: Reason[] = [];
  if (isColleague && (attested || judgement === null)) reasons.push({ code: 'colleague', points: -4 });
  else if (wroteTo && believed) reasons.push({ code: 'known-correspondent', points: attested ? -5 : -2 });
  if (answersOwn) reasons.push({ code: 'answers-letter', points: judgement?.verdict === 'failed' ? -1 : -2.5 });
  return reasons;
}
