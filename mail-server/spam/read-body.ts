import { type Entity, isMultipart } from '../../lib/mime/entity.ts';
import { isMarkup } from '../../lib/mime/decode-text.ts';
import { calendarText } from '../../lib/mime/extract-text.ts';
import { decodeContent } from '../../lib/mime/decode-content.ts';
import { flowedText } from '../../lib/mime/flowed-text.ts';
import { findField } from '../../lib/mime/parse-header.ts';
import { DEFAULT_MIME_LIMITS } from '../../lib/mime/limits.ts';
import { isBlankText, isContinuationName, isForOtherPrograms, isUntypedPicture, mayBeSigned } from '../../lib/mime/plan-letter.ts';
import { scanLetter, type ScannedLetter } from '../../lib/mime/scan-letter.ts';
import { deepestSigned, signedLetter } from '../../lib/mime/signed-content.ts';
import { textFormat } from '../../lib/mime/text-format.ts';
import { type Danger, fileName, judgeFile } from './judge-file.ts';
import { type Link, scanHtml } from './scan-html.ts';

/** What is read of a letter: more text tells no more, and time must stay small. */
const textBytes = 192 * 1024;

/** What people see of a letter below its header. */
export interface Body {
  text: string;
  links: Link[];
  pictures: number;
  hidden: number;
  inputs: number;
  /** the attachment that is worst */
  danger: Danger | null;
  files: number;
}

/** Also of one that was signed as one file, which is shown as what is inside. */
export function readBody(letter: ScannedLetter): Body {
  const body: Body = { text: '', links: [], pictures: 0, hidden: 0, inputs: 0, danger: null, files: 0 };
  const pieces: string[] = [];
  let room = textBytes;
  let invited = false;
  let hasBegun = false;
  /** how many pieces say something */
  let said = 0;
  const isRead = (choice: Choice | null): boolean => {
    if (choice === null) return true;
    choice.isRead ??= isRead(choice.within) && said === choice.saidBefore;
    return choice.isRead;
  };
  const stack: Place[] = [{ entity: letter.root, of: letter, depth: 0, choice: null, isChoice: false }];
  const inside: Place[] = [];
  // a cover over somebody's letter says nothing itself: who opens it reads what is in it
  const nextPlace = (): Place | undefined =>
    stack.pop() ?? (letter.root.subtype !== 'report' && hardlySays(pieces) ? openedLetter(inside.shift()) : undefined);
  for (let next = nextPlace(); next !== undefined; next = nextPlace()) {
    const { entity, of, depth, choice, isChoice } = next;
    const { raw, root, textOf } = of;
    if (isMultipart(entity)) {
      const places =
        entity.subtype === 'alternative'
          ? choicesOf(entity).map((child) => {
              const one = isCalendar(child) ? choice : { within: choice, saidBefore: said };
              return { entity: child, of, depth, choice: one, isChoice: true };
            })
          : entity.children.map((child) => ({ entity: child, of, depth, choice, isChoice: false }));
      stack.push(...places.toReversed());
      continue;
    }
    const name = fileName(entity);
    if (entity.type === 'image' || isUntypedPicture(entity, name)) body.pictures++;
    if (depth < deepestSigned && mayBeSigned(entity, name)) {
      const inside = signedLetter(raw.subarray(entity.bodyStart, entity.bodyEnd), entity.encoding, DEFAULT_MIME_LIMITS);
      if (inside) {
        // as a file it is what its name says
        body.danger = worst(body.danger, judgeFile(raw, entity, name, true));
        stack.push({ ...next, entity: inside.root, of: inside, depth: depth + 1 });
        continue;
      }
    }
    // what calls itself an attachment, has no name and is all there is, is shown as the letter
    const isAttached = attached.test(dispositionOf(entity)) && (entity !== root || name !== '');
    const isFile = isAttached || entity.type !== 'text' || (hasBegun && !isChoice && name !== '' && dispositionOf(entity) === '');
    body.danger = worst(body.danger, judgeFile(raw, entity, name, isFile));
    if (isAttached) body.files++;
    if (entity.message !== null && depth < deepestSigned && inside.length < mostInside) inside.push({ ...next, depth: depth + 1 });
    if (entity.type !== 'text' || entity.message !== null || room <= 0) continue;
    // an invitation is shown wherever it is, once
    const isInvitation = entity.subtype === 'calendar';
    if (isInvitation ? invited : isAttached && !isContinuationName(name)) continue;
    if (!isRead(choice)) continue;
    const length = Math.min(entity.bodyEnd - entity.bodyStart, room);
    room -= length;
    hasBegun ||= !isBlankText(entity, entity.bodyEnd - entity.bodyStart);
    // a header may hold more of it than is read here
    const text = textOf(entity, length).slice(0, textBytes);
    if (isInvitation) {
      invited = true;
      pieces.push(calendarText(text));
    } else if (!isMarkup(entity)) {
      pieces.push(asRead(text, entity));
      if (/\S/.test(text)) said++;
    } else {
      const scanned = scanHtml(text);
      pieces.push(scanned.visible);
      if (scanned.pictures > 0 || /\S/.test(scanned.visible)) said++;
      body.links.push(...scanned.links);
      body.pictures += scanned.pictures;
      body.hidden += scanned.hiddenCharacters;
      body.inputs += scanned.inputs;
    }
  }
  body.text = pieces.join('\n');
  return body;
}

interface Place {
  entity: Entity;
  of: ScannedLetter;
  depth: number;
  /** the alternative that it stands in; null: in none, it is read whatever else there is */
  choice: Choice | null;
  /** it is one itself */
  isChoice: boolean;
}

/** One way to say a letter. It is read if those before it said nothing, which is known when its first text comes. */
interface Choice {
  within: Choice | null;
  saidBefore: number;
  isRead?: boolean;
}

const mostInside = 5;
const mostOfCover = 150;
/** Of blanks alone, which cost nothing to write, not all is looked at. */
function hardlySays(pieces: readonly string[]): boolean {
  let said = 0;
  for (const piece of pieces)
    for (const { 0: word } of piece.slice(0, 20 * mostOfCover).matchAll(/\S+/g)) {
      said += word.length;
      if (said >= mostOfCover) return false;
    }
  return true;
}

/** Some programs encode it, which RFC 2046 section 5.2.1 forbids, and it is shown all the same. */
function openedLetter(place: Place | undefined): Place | undefined {
  const message = place?.entity.message;
  if (!place || !message) return undefined;
  const { entity, of } = place;
  if (!/^(?:base64|quoted-printable)$/.test(entity.encoding)) return { ...place, entity: message, choice: null, isChoice: false };
  const encoded = of.raw.subarray(entity.bodyStart, Math.min(entity.bodyEnd, entity.bodyStart + 2 * textBytes));
  const letter = scanLetter(decodeContent(encoded, entity.encoding), DEFAULT_MIME_LIMITS);
  return { ...place, entity: letter.root, of: letter, choice: null, isChoice: false };
}

/** Words and links that format=flowed has broken are shown whole. */
function asRead(text: string, entity: Entity): string {
  const { flowed, delSp } = textFormat(entity);
  return flowed && entity.subtype === 'plain' ? flowedText(text, delSp) : text;
}

/**
 * Alternatives in the order in which readers choose: the last of the richest first (RFC 2046 section 5.1.4, lib/mime/plan-letter.ts), and the next where that is empty. What
 * is a file in any of them is offered as one, and an invitation is shown beside whatever else.
 */
const choicesOf = ({ children }: Entity): Entity[] =>
  children
    .filter((child) => !isForOtherPrograms(child))
    .toReversed()
    .sort((one, other) => richness(other) - richness(one));

function richness(entity: Entity): number {
  if (isMultipart(entity)) return Math.max(...entity.children.map(richness));
  if (isMarkup(entity)) return 3;
  return entity.type !== 'text' || isCalendar(entity) ? 0 : entity.subtype === 'enriched' ? 2 : 1;
}

const isCalendar = ({ type, subtype }: Entity): boolean => type === 'text' && subtype === 'calendar';
const dispositionOf = (entity: Entity): string => findField(entity.fields, 'content-disposition') ?? '';
const attached = /^\s*attachment/i;

export const dangerPoints = ({ kind }: Danger): number => ({ program: 4.6, page: 4.1, macros: 2 })[kind];

function worst(one: Danger | null, other: Danger | null): Danger | null {
  if (one === null || other === null) return one ?? other;
  const weight = (danger: Danger): number => dangerPoints(danger) + (danger.deceives ? deceptionPoints : 0);
  return weight(other) > weight(one) ? other : one;
}
export const deceptionPoints = 1.5;
