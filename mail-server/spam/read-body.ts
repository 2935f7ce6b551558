import { type Entity, isMultipart } from '../../lib/mime/entity.ts';
import { isMarkup } from '../../lib/mime/decode-text.ts';
import { calendarText } from '../../lib/mime/extract-text.ts';
import { decodeContent } from '../../lib/mime/decode-content.ts';
import { flowedText } from '../../lib/mime/flowed-text.ts';
import { findField } from '../../lib/mime/parse-header.ts';
import { DEFAULT_MIME_LIMITS } from '../../lib/mime/limits.ts';
import { isBlankText, isContinuationName, isUntypedPicture, mayBeSigned } from '../../lib/mime/plan-letter.ts';
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
  const stack: Place[] = [{ entity: letter.root, of: letter, depth: 0 }];
  const inside: Place[] = [];
  // a cover over somebody's letter says nothing itself: who opens it reads what is in it
  const nextPlace = (): Place | undefined =>
    stack.pop() ?? (letter.root.subtype !== 'report' && hardlySays(pieces) ? openedLetter(inside.shift()) : undefined);
  for (let next = nextPlace(); next !== undefined; next = nextPlace()) {
    const { entity, of, depth } = next;
    const { raw, root, textOf } = of;
    if (isMultipart(entity)) {
      for (const child of shownOf(entity).toReversed()) stack.push({ entity: child, of, depth });
      continue;
    }
    const name = fileName(entity);
    if (entity.type === 'image' || isUntypedPicture(entity, name)) body.pictures++;
    if (depth < deepestSigned && mayBeSigned(entity, name)) {
      const inside = signedLetter(raw.subarray(entity.bodyStart, entity.bodyEnd), entity.encoding, DEFAULT_MIME_LIMITS);
      if (inside) {
        // as a file it is what its name says
        body.danger = worst(body.danger, judgeFile(raw, entity, name, true));
        stack.push({ entity: inside.root, of: inside, depth: depth + 1 });
        continue;
      }
    }
    // what calls itself an attachment, has no name and is all there is, is shown as the letter
    const isAttached = attached.test(dispositionOf(entity)) && (entity !== root || name !== '');
    const isFile = isAttached || entity.type !== 'text' || (hasBegun && name !== '' && dispositionOf(entity) === '');
    body.danger = worst(body.danger, judgeFile(raw, entity, name, isFile));
    if (isAttached) body.files++;
    if (entity.message !== null && depth < deepestSigned && inside.length < mostInside) inside.push({ entity, of, depth: depth + 1 });
    if (entity.type !== 'text' || entity.message !== null || room <= 0) continue;
    // an invitation is shown wherever it is, once
    const isInvitation = entity.subtype === 'calendar';
    if (isInvitation ? invited : isAttached && !isContinuationName(name)) continue;
    const length = Math.min(entity.bodyEnd - entity.bodyStart, room);
    room -= length;
    hasBegun ||= !isBlankText(entity, entity.bodyEnd - entity.bodyStart);
    // a header may hold more of it than is read here
    const text = textOf(entity, length).slice(0, textBytes);
    if (isInvitation) {
      invited = true;
      pieces.push(calendarText(text));
    } else if (!isMarkup(entity)) pieces.push(asRead(text, entity));
    else {
      const scanned = scanHtml(text);
      pieces.push(scanned.visible);
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
  const { entity, of, depth } = place;
  if (!/^(?:base64|quoted-printable)$/.test(entity.encoding)) return { entity: message, of, depth };
  const encoded = of.raw.subarray(entity.bodyStart, Math.min(entity.bodyEnd, entity.bodyStart + 2 * textBytes));
  const letter = scanLetter(decodeContent(encoded, entity.encoding), DEFAULT_MIME_LIMITS);
  return { entity: letter.root, of: letter, depth };
}

/** Words and links that format=flowed has broken are shown whole. */
function asRead(text: string, entity: Entity): string {
  const { flowed, delSp } = textFormat(entity);
  return flowed && entity.subtype === 'plain' ? flowedText(text, delSp) : text;
}

/** Of alternatives the one that people see, and the invitation beside it. */
function shownOf({ subtype, children }: Entity): readonly Entity[] {
  const html = subtype === 'alternative' ? children.find((child) => isMarkup(child) || isMultipart(child)) : undefined;
  return html ? children.filter((child) => child === html || isCalendar(child)) : children;
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
