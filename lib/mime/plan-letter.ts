import { givenName, type LetterPart } from './letter-part.ts';
import { parameter } from './parse-content-type.ts';

/** What is shown of a letter, in reading order. */
export type Shown =
  | { kind: 'text'; part: LetterPart }
  | { kind: 'picture'; part: LetterPart }
  /** each a way to say the same, the richest first: the first that is not empty is shown */
  | { kind: 'choice'; choices: Shown[][] };

/** What a letter is besides its text. */
export type Seal = 'pgp-encrypted' | 'smime-encrypted' | 'smime-signed' | 'pgp-signature' | 'smime-signature';

export interface LetterPlan {
  shown: Shown[];
  /** what is offered as files: "with attachment" means that there are some */
  files: LetterPart[];
  /** pictures that HTML may refer to by Content-ID, Content-Location or name, and that belong to it */
  related: LetterPart[];
  calendars: LetterPart[];
  /** message/delivery-status and its like */
  reports: LetterPart[];
  seal: Seal | null;
}

const deepest = 60;
const mostParts = 2000;

/**
 * Judges by structure alone what of a letter is text, what is a file and what belongs to the text. Reading, the list's paper clip and what
 * an answer takes along all ask here.
 */
export function planLetter(root: LetterPart): LetterPlan {
  const plan: LetterPlan = { shown: [], files: [], related: [], calendars: [], reports: [], seal: null };
  new Planner(plan).visit(root, plan.shown, { parent: '', first: true, depth: 0 });
  // the real one goes before its copies
  plan.calendars.sort((one, other) => Number(plan.files.includes(one)) - Number(plan.files.includes(other)));
  return plan;
}

interface Place {
  /** subtype of the multipart around it; empty for the message itself */
  parent: string;
  /** nothing of the letter was read before */
  first: boolean;
  depth: number;
}

class Planner {
  private readonly plan: LetterPlan;
  private seen = 0;

  constructor(plan: LetterPlan) {
    this.plan = plan;
  }

  visit(part: LetterPart, shown: Shown[], place: Place): void {
    if (++this.seen > mostParts) return;
    if (place.depth > deepest || part.children.length === 0) this.leaf(part, shown, place);
    else this.multipart(part, shown, { ...place, depth: place.depth + 1 });
  }

  private multipart(part: LetterPart, shown: Shown[], place: Place): void {
    const { children, subtype } = part;
    const below = { ...place, parent: subtype };
    if (subtype === 'alternative') this.alternatives(children, shown, below);
    else if (subtype === 'related') this.relatedParts(part, shown, below);
    else if (subtype === 'signed') this.signed(part, shown, below);
    else if (subtype === 'encrypted') this.encrypted(part);
    else if (subtype === 'appledouble' && children[1]) this.visit(children[1], shown, below);
    else this.each(children, shown, below);
  }

  private each(children: readonly LetterPart[], shown: Shown[], place: Place): void {
    let { first } = place;
    for (const child of children) {
      this.visit(child, shown, { ...place, first });
      first &&= isBlankText(child, child.sizeBytes);
    }
  }

  private alternatives(children: readonly LetterPart[], shown: Shown[], place: Place): void {
    const choices: { rank: number; shown: Shown[] }[] = [];
    for (const child of children) {
      if (isForOtherPrograms(child)) continue;
      const choice: Shown[] = [];
      this.visit(child, choice, place);
      if (choice.length > 0) choices.push({ rank: richness(choice), shown: choice });
    }
    // the last of the richest (RFC 2046 section 5.1.4)
    choices.reverse().sort((one, other) => other.rank - one.rank);
    if (choices.length === 1 && choices[0]) shown.push(...choices[0].shown);
    else if (choices.length > 1) shown.push({ kind: 'choice', choices: choices.map((choice) => choice.shown) });
  }

  /** The root (RFC 2387) is the text; pictures beside it belong to it, whatever else lies there is a file. */
  private relatedParts(part: LetterPart, shown: Shown[], place: Place): void {
    const start = (parameter(part.parameters, 'start') ?? '').replace(/^<|>$/g, '');
    const root = (start && part.children.find((child) => child.contentId === start)) || rootOf(part);
    if (!root) return;
    this.visit(root, shown, place);
    for (const child of part.children) {
      if (child === root) continue;
      const belongs = mayBePicture(child) && (child.contentId !== '' || child.location !== '' || child.disposition !== 'attachment');
      if (belongs) this.plan.related.push(child);
      else if (child.subtype !== 'css') this.visit(child, shown, { ...place, first: false });
    }
  }

  private signed(part: LetterPart, shown: Shown[], place: Place): void {
    const [content, signature, ...others] = part.children;
    if (content) this.visit(content, shown, place);
    // a list or a gateway took the signature away, and what it put below the letter, or a file of it, has come into its place
    const isTaken = signature !== undefined && !isSignature(signature);
    if (!isTaken) this.plan.seal ??= signature?.subtype === 'pgp-signature' ? 'pgp-signature' : 'smime-signature';
    for (const child of isTaken ? [signature, ...others] : others) this.visit(child, shown, { ...place, first: false });
  }

  private encrypted(part: LetterPart): void {
    this.plan.seal ??= 'pgp-encrypted';
    this.plan.files.push(...part.children.filter((child) => child.subtype !== 'pgp-encrypted'));
  }

  private leaf(part: LetterPart, shown: Shown[], place: Place): void {
    const full = `${part.type}/${part.subtype}`;
    const attached = part.disposition === 'attachment' && !isContinuation(part);
    if (full === 'text/calendar') {
      this.plan.calendars.push(part);
      if (attached || (place.parent !== '' && place.parent !== 'alternative' && givenName(part) !== '')) this.plan.files.push(part);
    } else if (isCalendarFile(part)) {
      this.plan.calendars.push(part);
      this.plan.files.push(part);
    } else if (reportTypes.has(full)) this.plan.reports.push(part);
    // a gateway took the multipart apart, what is inside is encrypted still
    else if (full === 'application/pgp-encrypted') this.plan.seal ??= 'pgp-encrypted';
    // a list took the multipart apart: what is left proves nothing and is no file
    else if (looseSignature.test(full) && signatureName.test(givenName(part)))
      this.plan.seal ??= part.subtype === 'pgp-signature' ? 'pgp-signature' : 'smime-signature';
    else if (isSmime(part, givenName(part))) this.smime(part);
    else if (full === 'message/partial' || full === 'message/external-body') {
      shown.push({ kind: 'text', part });
      // behind the other one stands nothing
      if (part.subtype === 'partial') this.plan.files.push(part);
    } else if (isShownText(part, place)) shown.push({ kind: 'text', part });
    else if (!attached && (part.type === 'image' || part.disposition === 'inline') && isPicture(part) && place.parent !== 'alternative') {
      shown.push({ kind: 'picture', part });
      if (givenName(part) !== '') this.plan.files.push(part);
      if (part.contentId !== '') this.plan.related.push(part);
    } else {
      this.plan.files.push(part);
      if (mayBePicture(part) && part.contentId !== '') this.plan.related.push(part);
    }
  }

  private smime(part: LetterPart): void {
    const kind = (parameter(part.parameters, 'smime-type') ?? '').toLowerCase();
    this.plan.seal ??= kind === 'signed-data' ? 'smime-signed' : kind === 'certs-only' ? null : 'smime-encrypted';
    this.plan.files.push(part);
  }
}

/**
 * Text with a name is still text where it stands for the letter: first, among alternatives, or inline. Only what is named and neither, or
 * said to be an attachment, is a file.
 */
function isShownText(part: LetterPart, place: Place): boolean {
  if (part.type !== 'text') return false;
  if (isContinuation(part)) return true;
  // without a name and with nothing beside it, what is attached is the letter
  if (part.disposition === 'attachment') return place.parent === '' && givenName(part) === '' && shownTexts.has(part.subtype);
  if (shownTexts.has(part.subtype))
    return place.first || place.parent === 'alternative' || part.disposition === 'inline' || givenName(part) === '';
  // of a kind of text that nobody knows, what has no name is read as plain text (RFC 2046 section 4.1.4)
  return givenName(part) === '' && !fileTexts.has(part.subtype);
}

/** By its own type, or by its name where something on the way made a file of no type of it. What the letter says of it proves nothing. */
const isSignature = (part: LetterPart): boolean =>
  part.type === 'application' &&
  (/signature$/.test(part.subtype) || (part.subtype === 'octet-stream' && /\.(asc|sig|p7s)$/i.test(givenName(part))));

/** Gateways put a text of an end of line before the letter's own. */
export const isBlankText = ({ type, subtype }: Pick<LetterPart, 'type' | 'subtype'>, bytes: number): boolean =>
  type === 'text' && subtype === 'plain' && bytes <= 4;

const isPicture = (part: LetterPart): boolean =>
  part.type === 'image'
    ? pictures.has(part.subtype) || (part.subtype !== 'svg+xml' && pictureNames.test(givenName(part)))
    : isUntypedPicture(part, givenName(part));

/** A picture by its name alone. */
export const isUntypedPicture = ({ type, subtype }: Pick<LetterPart, 'type' | 'subtype'>, name: string): boolean =>
  type === 'application' && subtype === 'octet-stream' && pictureNames.test(name);

/** Exchange makes files of the texts that other programs put between pictures and below them, and numbers them. */
export const isContinuationName = (name: string): boolean => /^ATT\d{5}\.(txt|html?)$/i.test(name);
const isContinuation = (part: LetterPart): boolean =>
  part.type === 'text' && (part.subtype === 'plain' || part.subtype === 'html') && isContinuationName(givenName(part));

/** What says nothing of itself but has a Content-ID may be what HTML shows. */
const mayBePicture = (part: LetterPart): boolean =>
  isPicture(part) ||
  (part.type === 'application' && part.subtype === 'octet-stream' && part.contentId !== '' && !/\.\w{1,12}$/.test(givenName(part)));

/** An invitation as a file: many servers send it so beside the real one, some only so. */
const isCalendarFile = (part: LetterPart): boolean =>
  (part.type === 'application' && part.subtype === 'ics') ||
  (part.type === 'text' && part.subtype === 'x-vcalendar') ||
  (part.type === 'application' && part.subtype === 'octet-stream' && /\.(ics|vcs)$/i.test(givenName(part)));

/**
 * What some program or other opens as a signed letter, whatever its name and its parameters say: what is inside tells. Programs that know no S/MIME
 * forward it as a file of no type.
 */
export const mayBeSigned = ({ type, subtype }: Pick<LetterPart, 'type' | 'subtype'>, name: string): boolean =>
  sealed.test(`${type}/${subtype}`) || (type === 'application' && subtype === 'octet-stream' && /^smime\.p7m$/i.test(name));

/** "Rechnung.pdf.p7m" is a file that somebody signed, and no letter; "Max.Mustermann.p7m" is one. */
const isSmime = (part: Pick<LetterPart, 'type' | 'subtype'>, name: string): boolean => mayBeSigned(part, name) && !signedFile.test(name);

/** The part that is a signed letter as a whole (RFC 8551 section 3.5.2), or may be one: old programs do not say which. */
export const isOpaque = (part: Pick<LetterPart, 'type' | 'subtype' | 'parameters'>, name: string): boolean =>
  isSmime(part, name) && /^(signed-data)?$/i.test(parameter(part.parameters, 'smime-type') ?? '');
export const opaquePart = ({ files }: LetterPlan): LetterPart | undefined => files.find((part) => isOpaque(part, givenName(part)));

/** The first, as RFC 2387 says; where that is a picture, programs mean the text behind it. */
function rootOf({ children }: LetterPart): LetterPart | undefined {
  const [first] = children;
  const isText = (one: LetterPart): boolean => one.type === 'multipart' || isMarkupText(one);
  return first && mayBePicture(first) ? (children.find(isText) ?? first) : first;
}

const isMarkupText = (part: LetterPart): boolean => part.type === 'text' && (part.subtype === 'html' || part.subtype === 'xhtml');

function richness(shown: readonly Shown[]): number {
  let rank = 0;
  for (const one of shown) {
    if (one.kind === 'choice') rank = Math.max(rank, ...one.choices.map(richness));
    else if (one.kind === 'text') rank = Math.max(rank, isMarkupText(one.part) ? 3 : one.part.subtype === 'enriched' ? 2 : 1);
  }
  return rank;
}

/** AMP and watches: the same text again, for programs that we are not. */
const isForOtherPrograms = ({ type, subtype }: Pick<LetterPart, 'type' | 'subtype'>): boolean =>
  type === 'text' && (subtype === 'x-amp-html' || subtype === 'watch-html');

const shownTexts = new Set(['plain', 'html', 'xhtml', 'enriched', 'richtext', 'markdown']);
const fileTexts = new Set(['vcard', 'x-vcard', 'directory', 'css', 'javascript', 'csv', 'xml', 'rfc822-headers', 'x-moz-deleted']);
const pictures = new Set(['png', 'x-png', 'jpeg', 'jpg', 'pjpeg', 'gif', 'webp', 'avif', 'bmp', 'x-ms-bmp']);
const pictureNames = /\.(png|jpe?g|jfif|gif|webp|avif|bmp)$/i;
const reportTypes = new Set([
  'message/delivery-status',
  'message/global-delivery-status',
  'message/disposition-notification',
  'message/global-disposition-notification',
  'message/feedback-report',
]);
const looseSignature = /^application\/(pgp-signature|(x-)?pkcs7-signature)$/;
const signatureName = /^(|signature\.asc|openpgp_signature(\.asc)?|smime\.p7s|pgp\.sig)$/i;
const signedFile =
  /\.(pdf|xml|txt|csv|tsv|md|html?|rtf|json|ya?ml|sql|do[ct][xm]?|xl[st][xmb]?|pp[ts][xm]?|od[tspg]|pages|numbers|keynote|epub|zip|rar|7z|t?gz|bz2|tar|iso|jpe?g|jfif|png|gif|tiff?|bmp|webp|heic|svg|dwg|dxf|ifc|ste?p|stl|mp[34]|m4a|wav|mov|avi|exe|msi|apk|jar|vcf|ics|asc|sig|p7[ms]|cer|crt|pem|xbrl|asice?|tsd)\.p7m$/i;
const sealed = /^application\/(x-)?pkcs7-mime$/;
