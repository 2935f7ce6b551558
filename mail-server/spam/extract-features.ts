import { decodeEncodedWords } from '../../lib/mime/decode-encoded-words.ts';
import { bodyCharset } from '../../lib/mime/body-charset.ts';
import { DEFAULT_MIME_LIMITS } from '../../lib/mime/limits.ts';
import { parseAddresses } from '../../lib/mime/parse-addresses.ts';
import { parseAuthors } from '../../lib/mime/parse-authors.ts';
import { findField, type HeaderField } from '../../lib/mime/parse-header.ts';
import { scanLetter } from '../../lib/mime/scan-letter.ts';
import { foldText } from './fold-text.ts';
import { getDomain } from 'tldts';
import { isAnybodys } from '../../lib/addresses/anybodys.ts';
import { judgeConcepts } from './judge-concepts.ts';
import { judgeHeader } from './judge-header.ts';
import { hasCheapSuffix, isPoster, isWellKnown, judgeLinks, pretendedBrand, type LinkFindings } from './judge-links.ts';
import { judgeNames, judgeText } from './judge-writing.ts';
import { judgeLikeness } from './likeness/judge-likeness.ts';
import type { Seen } from './likeness/signs.ts';
import type { LetterFeatures } from './letter-features.ts';
import type { Reason } from './reason.ts';
import { type Body, dangerPoints, deceptionPoints, readBody } from './read-body.ts';
import type { Link } from './scan-html.ts';
import { tokensOf } from './tokens.ts';
import { matchPhrases } from './words/match-phrases.ts';
import type { Word } from './words/word.ts';

/** More words tell no more, and time must stay small. */
const mostWords = 4_000;
const mostParts = 200;
/** a letter that leads to more has something to tell */
const fewHouses = 2;
const limits = { ...DEFAULT_MIME_LIMITS, parts: mostParts };

/** What a letter was before a group of ours put its own name on it: that is what is judged. */
export interface Original {
  fromDomain: string;
  isList: boolean;
  replyDomain: string;
}

/** Sent to many, who can leave. */
const hasWayOut = (fields: readonly HeaderField[]): boolean =>
  findField(fields, 'list-unsubscribe') !== undefined || findField(fields, 'list-id') !== undefined;

/** What a letter shows to the filter. Any bytes, never throws for what stands in them, linear time. */
export function extractFeatures(
  raw: Buffer,
  original: Original | null = null,
  now = Date.now(),
  letter = scanLetter(raw, limits),
): LetterFeatures {
  const { features, seen } = lookAt(raw, original, now, letter);
  // a report of delivery quotes what others wrote
  if (letter.root.subtype !== 'report') features.reasons.push(...judgeLikeness(seen));
  return features;
}

/** What each rule finds, and what is weighed as a whole. */
export function lookAt(
  raw: Buffer,
  original: Original | null = null,
  now = Date.now(),
  letter = scanLetter(raw, limits),
): { features: LetterFeatures; seen: Seen } {
  const { root } = letter;
  const { fields } = root;
  const charset = bodyCharset(root);
  const subject = decodeEncodedWords(findField(fields, 'subject') ?? '', charset).slice(0, 500);
  const heading = foldText(subject, 80);
  const body = readBody(letter);
  const answers = findField(fields, 'in-reply-to') !== undefined || findField(fields, 'references') !== undefined;
  // what an answer quotes, its author did not say
  const own = answers ? body.text.replace(/^[>|].*$/gm, '') : body.text;
  const text = foldText(own, mostWords);
  const words = heading.words.concat(text.words);
  const links = judgeLinks([...body.links, ...linksInText(body.text)]);
  const [from] = parseAuthors(findField(fields, 'from') ?? '', 5);
  const [replyTo] = parseAddresses(findField(fields, 'reply-to') ?? '', 5);
  const fromDomain = original?.fromDomain ?? (from?.host ?? '').toLowerCase().replace(/\.$/, '');
  const fromName = decodeEncodedWords(from?.name ?? '').slice(0, 300);
  const [to] = parseAddresses(findField(fields, 'to') ?? '', 5);
  const recipient = to?.host ? `${to.mailbox}@${to.host}`.toLowerCase() : '';
  const isList = original?.isList ?? hasWayOut(fields);
  const isPassedOn = answers || original !== null || findField(fields, 'list-id') !== undefined;
  const nameWords = readName(fromName, fromDomain);
  const leadsElsewhere = links.count > 0 && !links.domains.some((domain) => isOfSender(domain, fromDomain) || isWellKnown(domain));
  // a house under a borrowed name is nobody's home
  const isHome = pretendedBrand(nameWords, fromDomain) === null;
  const asksElsewhere = leadsElsewhere || (!isHome && (links.domains.some((domain) => !isWellKnown(domain)) || showsCode(body, words)));
  const freeMail = isAnybodys(fromDomain);
  // behind a short link, on a page that anybody puts up, or from a name that costs nothing
  const isBorrowed =
    hasCheapSuffix(fromDomain) || links.reasons.some(({ code }) => code === 'link-shortened' || code === 'link-with-sign-in');
  const hides = links.count > 0 && isHidden(links, body.text);
  const isOnly = links.domains.length === 1 && hides;
  const answered = original?.replyDomain ?? replyTo?.host?.toLowerCase() ?? '';
  const answeredElsewhere = answered !== '' && !isOfSender(getDomain(answered) ?? answered, fromDomain);
  const asks =
    asksElsewhere || body.inputs > 0 || (body.danger !== null && body.danger.kind !== 'macros')
      ? 'elsewhere'
      : freeMail || answeredElsewhere
        ? 'nowhere'
        : 'at home';
  const isReport = root.subtype === 'report';
  const passedOn = isReport || (asks === 'at home' && links.count > 0 && passesOn(words)) ? 0.4 : 1;
  const tempered = (found: Reason): Reason => ({ ...found, points: found.points * shareOf(found.code, asks, links.count > 0) * passedOn });
  const reasons: Reason[] = [
    ...together([
      ...matchPhrases(words, heading.words.length).map(tempered),
      ...judgeConcepts({
        words,
        text: `${subject}\n${answers ? asText(text.words) : body.text}`,
        leadsElsewhere: asksElsewhere,
        isDubious: links.reasons.some(({ code }) => code === 'link-with-sign-in' || code === 'link-disguised' || code === 'link-of-brand'),
        isList,
        answers: answers || isReport,
        houses: links.domains.length,
        links: links.count > 0,
        freeMail,
        answeredElsewhere,
      }),
    ]),
    ...(leadsElsewhere
      ? links.reasons.map((reason) => dubiousElsewhere(reason, freeMail || isPassedOn || links.domains.length > fewHouses, isOnly))
      : links.reasons),
    ...(leadsElsewhere && isOnly && !freeMail && !isPassedOn && !links.domains.some(isPoster)
      ? [{ code: 'link-elsewhere', points: 0.4, data: links.domains[0] ?? '' } as const]
      : []),
    ...judgeHeader(fields, fromDomain, now),
    ...(isReport || isPassedOn
      ? []
      : judgeNames({
          name: fromName,
          fromDomain,
          subject,
          text: body.text,
          words: text.words.length,
          recipient,
          hasFile: body.files > 0,
        })),
    ...judgeText(heading, text, subject),
    ...judgeBody(
      body,
      text.words.length,
      hides,
      !leadsElsewhere ? 'home' : isBorrowed ? 'borrowed' : isOnly && !isPassedOn ? 'strange' : 'home',
    ),
    ...judgeBareLink(body, links, fromDomain),
  ];
  const shownName = nameWords + (/@/.test(fromName) ? ` ${fromName.toLowerCase()}` : '');
  let tokens: number[] | null = null;
  const features: LetterFeatures = {
    reasons,
    fromDomain,
    replyDomain: answered,
    fromName: shownName,
    linkDomains: links.domains,
    isList,
    answers,
    // a mailbox that learnt nothing asks for none
    get tokens() {
      tokens ??= tokensOf(words, heading.words.length, fromDomain, links.domains);
      return tokens;
    },
  };
  const { pictures, files } = body;
  return {
    features,
    seen: {
      subject,
      text: own,
      heading: heading.words,
      words: text.words,
      fromName: shownName,
      fromDomain,
      linkDomains: links.domains,
      isList,
      answers,
      pictures,
      files,
    },
  };
}

/**
 * How much words weigh that ask for something: who wants a password needs a page of his own, or a file; who gives away money, an address that is
 * not his house's.
 */
function shareOf(code: Reason['code'], asks: 'elsewhere' | 'nowhere' | 'at home', links: boolean): number {
  if (asks === 'elsewhere') return 1;
  if (code === 'words-account' || code === 'words-parcel') return 0.6;
  if (asks === 'at home' && (code === 'words-winnings' || code === 'words-medicine' || code === 'words-investment')) return 0.75;
  return links && asks === 'at home' ? 0.8 : 1;
}

const asText = (words: readonly Word[]): string => words.map(({ text }) => text).join(' ');

/** "PayPaI" reads as it is meant, where that is a house; "LinkedIn" as it stands. */
function readName(name: string, domain: string): string {
  const [written = '', meant = ''] = [name, name.replace(capitalWithin, (letters) => 'l'.repeat(letters.length))].map((one) =>
    asText(foldText(one, 30).words),
  );
  return meant !== written && pretendedBrand(meant, domain) !== null ? meant : written;
}

const capitalWithin = /(?<=[a-z])I+|(?<=\p{L})I(?=[a-z])/gu;

/** A picture that telephones read is a link. */
const showsCode = ({ pictures }: Body, words: readonly Word[]): boolean => pictures > 0 && words.some(({ text }) => qrCode.test(text));
const qrCode = /^qr(?:-?codes?)?$/;

/** The only house that a letter leads to stands nowhere in what is read of it: a button hides it. */
const isHidden = ({ domains }: LinkFindings, text: string): boolean => !domains.some((domain) => text.includes(domain));

/** A program asks about what others wrote on its pages, and quotes it. */
const passesOn = (words: readonly Word[]): boolean =>
  new Set(words.slice(0, mostOfAsking).flatMap(({ text }) => moderation.exec(text)?.[0] ?? [])).size >= 2;
const moderation = /^(?:moderi|moderat|kommentar|comment|freischalt|freigeb|approve)/;
const mostOfAsking = 300;

/**
 * A cheap or borrowed name beside one's own is a second sign, and that it is the only one and hidden a third; people and lists that can be left
 * link to what others made.
 */
const dubiousElsewhere = (reason: Reason, isShared: boolean, isOnly: boolean): Reason => {
  const more = isShared ? 0.7 : isOnly ? 3.2 : 2;
  if (reason.code === 'link-shortened') return isOnly && !isShared ? { ...reason, points: 3.2 } : reason;
  const isDubious = (reason.code === 'link-disguised' || reason.code === 'link-with-sign-in') && reason.points <= 1;
  return isDubious ? { ...reason, points: reason.points + more } : reason;
};

const isOfSender = (linked: string, from: string): boolean => linked === (getDomain(from) ?? from);

/** Two findings about the same thing are one reason: the stronger, and a part of the other, since the same words speak in both. */
function together(reasons: readonly Reason[]): Reason[] {
  const byCode = new Map<string, Reason>();
  for (const reason of reasons) {
    const known = byCode.get(reason.code);
    const points = known ? Math.max(known.points, reason.points) + Math.min(known.points, reason.points) * 0.4 : reason.points;
    byCode.set(reason.code, { ...reason, ...known, points: Math.min(mostOfKind, points) });
  }
  return [...byCode.values()];
}

const mostOfKind = 8;

const address = /\bhttps?:\/\/[^\s<>"')\]]{4,300}/gi;
const linksInText = (text: string): Link[] => [...text.matchAll(address)].slice(0, 100).map(([href]) => ({ href, text: '' }));

/** A link and hardly a word: who knows the other says what it is. */
function judgeBareLink({ text, pictures }: Body, { count, reasons }: LinkFindings, fromDomain: string): Reason[] {
  if (count === 0 || count > 3 || pictures > 0 || text.length > 2_000) return [];
  if (foldText(text.replace(/\b(?:https?:\/\/|www\.)\S+/gi, ' '), 10).words.length >= 5) return [];
  const hides = reasons.some(({ code }) => code === 'link-shortened' || code === 'link-to-number' || code === 'link-disguised');
  return [{ code: 'only-link', points: 1.9 + (hides ? 2 : 0) + (isAnybodys(fromDomain) ? 0.8 : 0) }];
}

function judgeBody(
  { pictures, hidden, inputs, danger, text }: Body,
  words: number,
  hides: boolean,
  place: 'home' | 'strange' | 'borrowed',
): Reason[] {
  const reasons: Reason[] = [];
  if (hidden > 300 && hidden > text.length / 3) reasons.push({ code: 'hidden-text', points: hidden > text.length ? 2.5 : 1.5 });
  if (pictures > 0 && words < 15)
    reasons.push({
      code: 'only-pictures',
      points: !hides ? 0.6 : (words < 6 ? 2.6 : 1.6) + (place === 'borrowed' ? 1.5 : place === 'home' ? 0 : words < 3 ? 1 : 0.3),
    });

  if (inputs > 0) reasons.push({ code: 'form-in-letter', points: words > 150 ? 0.8 : 2 });
  if (danger) reasons.push({ code: 'dangerous-attachment', points: dangerPoints(danger), data: danger.name.slice(-100) });
  if (danger?.deceives) reasons.push({ code: 'attachment-deceives', points: deceptionPoints });
  return reasons;
}
