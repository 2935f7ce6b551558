import { type Entity, isMultipart } from '../../lib/mime/entity.ts';
import { isMarkup } from '../../lib/mime/decode-text.ts';
import { calendarText, isEncoded } from '../../lib/mime/extract-text.ts';
import { decodeContent } from '../../lib/mime/decode-content.ts';
import { flowedText } from '../../lib/mime/flowed-text.ts';
import { findField } from '../../lib/mime/parse-header.ts';
import { DEFAULT_MIME_LIMITS } from '../../lib/mime/limits.ts';
import { findEntity, toLetterPart } from '../../lib/mime/letter-part.ts';
import { isUntypedPicture, type LetterPlan, mayBeSigned, planLetter, type Shown } from '../../lib/mime/plan-letter.ts';
import { readRtf } from '../../lib/mime/read-rtf.ts';
import { scanLetter, type ScannedLetter } from '../../lib/mime/scan-letter.ts';
import { deepestSigned, signedLetter } from '../../lib/mime/signed-content.ts';
import { enrichedToHtml } from '../../lib/mime/text-enriched.ts';
import { textFormat } from '../../lib/mime/text-format.ts';
import { type Danger, fileName, judgeFile } from './judge-file.ts';
import { type Link, saysSomething, scanHtml } from './scan-html.ts';

/** What is read of a letter: more text tells no more, and time must stay small. */
const textBytes = 192 * 1024;
/** what says nothing takes none of that, as long as there is not much of it */
const lookedAtBytes = 3 * textBytes;

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
  const reader = new BodyReader();
  reader.read({ of: letter, root: letter.root, depth: 0 });
  // a cover over somebody's letter says nothing itself: who opens it reads what is in it
  if (letter.root.subtype !== 'report') reader.openWhileHardlySaid();
  return reader.body;
}

interface Letter {
  of: ScannedLetter;
  /** of the letter; that of the scanned one, or of a letter in it */
  root: Entity;
  depth: number;
}

class BodyReader {
  readonly body: Body = { text: '', links: [], pictures: 0, hidden: 0, inputs: 0, danger: null, files: 0 };
  readonly #pieces: string[] = [];
  readonly #inside: (Letter & { entity: Entity })[] = [];
  #room = textBytes;
  #lookedAt = 0;

  /** What is shown of it is what our reader shows (lib/mime/plan-letter.ts), and what other programs show besides. */
  read(letter: Letter): void {
    const plan = planLetter(toLetterPart(letter.root, DEFAULT_MIME_LIMITS.parameters));
    const known = new Set<Entity>();
    for (const shown of plan.shown) this.#show(shown, letter, known);
    this.#parts(letter, plan, known);
    this.#invitations(letter, plan);
    this.body.text = this.#pieces.join('\n');
  }

  openWhileHardlySaid(): void {
    for (let next = this.#inside.shift(); next !== undefined && hardlySays(this.#pieces); next = this.#inside.shift()) {
      const letter = opened(next);
      if (letter) this.read(letter);
    }
  }

  /** Whether it says something: of several ways to say a letter the next is shown where one is empty. */
  #show(shown: Shown, letter: Letter, known: Set<Entity>): boolean {
    if (shown.kind === 'choice') return shown.choices.some((choice) => choice.map((one) => this.#show(one, letter, known)).includes(true));
    if (shown.kind === 'picture') return true;
    const entity = findEntity(letter.root, shown.part.section);
    if (!entity) return false;
    known.add(entity);
    return this.#text(entity, letter);
  }

  /** Files, and texts with names, which some programs show below the letter. What is a file in an alternative that is not shown is offered all the same. */
  #parts(letter: Letter, plan: LetterPlan, known: ReadonlySet<Entity>): void {
    const { of, root, depth } = letter;
    const files = new Set(plan.files.map(({ section }) => section));
    const stack: { entity: Entity; section: string; isAlternative: boolean }[] = [{ entity: root, section: '', isAlternative: false }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { entity, section, isAlternative } = next;
      if (isMultipart(entity)) {
        const within = isAlternative || entity.subtype === 'alternative';
        for (const [at, child] of [...entity.children.entries()].toReversed())
          stack.push({ entity: child, section: section === '' ? `${at + 1}` : `${section}.${at + 1}`, isAlternative: within });
        continue;
      }
      const name = fileName(entity);
      if (entity.type === 'image' || isUntypedPicture(entity, name)) this.body.pictures++;
      const signed =
        depth < deepestSigned && mayBeSigned(entity, name)
          ? signedLetter(of.raw.subarray(entity.bodyStart, entity.bodyEnd), entity.encoding, DEFAULT_MIME_LIMITS)
          : null;
      const isFile = signed !== null || entity.type !== 'text' || files.has(section || '1');
      // what was signed is, as a file, what its name says
      this.body.danger = worst(this.body.danger, judgeFile(of.raw, entity, name, isFile));
      if (signed) {
        this.read({ of: signed, root: signed.root, depth: depth + 1 });
        continue;
      }
      const isAttached = attached.test(findField(entity.fields, 'content-disposition') ?? '') && !known.has(entity);
      if (isAttached) this.body.files++;
      if (entity.message !== null && depth < deepestSigned && this.#inside.length < mostInside) this.#inside.push({ ...letter, entity });
      if (entity.type === 'text' && entity.subtype !== 'calendar' && !known.has(entity) && !isAlternative && !isAttached)
        this.#text(entity, letter);
    }
  }

  /** Which of several is shown, programs find out by reading them: none is left out, and copies of one count once. */
  #invitations({ of, root }: Letter, { calendars }: LetterPlan): void {
    const texts = calendars.map(({ section }) => {
      const entity = findEntity(root, section);
      return entity ? calendarText(this.#decoded(entity, of)) : '';
    });
    for (const text of new Set(texts)) if (saysSomething(text)) this.#pieces.push(text);
  }

  #text(entity: Entity, { of }: Letter): boolean {
    const before = this.#room;
    const { html, text } = readable(this.#decoded(entity, of), entity);
    if (html === null) {
      this.#pieces.push(text);
      if (saysSomething(text)) return true;
      this.#room = before;
      return false;
    }
    const scanned = scanHtml(html);
    this.#pieces.push(scanned.visible);
    this.body.links.push(...scanned.links);
    this.body.pictures += scanned.pictures;
    this.body.hidden += scanned.hiddenCharacters;
    this.body.inputs += scanned.inputs;
    if (!scanned.says) this.#room = before;
    return scanned.says;
  }

  #decoded(entity: Entity, { textOf }: ScannedLetter): string {
    const most = Math.min(this.#room, lookedAtBytes - this.#lookedAt);
    if (most <= 0) return '';
    const length = Math.min(entity.bodyEnd - entity.bodyStart, most);
    this.#room -= length;
    this.#lookedAt += length;
    // a header may hold more of it than is read here
    return textOf(entity, length).slice(0, textBytes);
  }
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

function opened({ entity, of, depth }: Letter & { entity: Entity }): Letter | null {
  const { message } = entity;
  if (!message) return null;
  if (!isEncoded(entity)) return { of, root: message, depth: depth + 1 };
  const encoded = of.raw.subarray(entity.bodyStart, Math.min(entity.bodyEnd, entity.bodyStart + 2 * textBytes));
  const letter = scanLetter(decodeContent(encoded, entity.encoding), DEFAULT_MIME_LIMITS);
  return { of: letter, root: letter.root, depth: depth + 1 };
}

/** As it is shown: as HTML, or as text. Words and links that format=flowed has broken are whole. */
function readable(source: string, entity: Entity): { html: string | null; text: string } {
  if (isMarkup(entity)) return { html: source, text: '' };
  if (entity.subtype === 'enriched' || entity.subtype === 'richtext') return { html: enrichedToHtml(source), text: '' };
  if (entity.subtype === 'rtf') {
    const { html, text } = readRtf(source);
    return { html: html || null, text };
  }
  const { flowed, delSp } = textFormat(entity);
  return { html: null, text: flowed && entity.subtype === 'plain' ? flowedText(source, delSp) : source };
}

const attached = /^\s*attachment/i;

export const dangerPoints = ({ kind }: Danger): number => ({ program: 4.6, page: 4.1, macros: 2 })[kind];

function worst(one: Danger | null, other: Danger | null): Danger | null {
  if (one === null || other === null) return one ?? other;
  const weight = (danger: Danger): number => dangerPoints(danger) + (danger.deceives ? deceptionPoints : 0);
  return weight(other) > weight(one) ? other : one;
}
export const deceptionPoints = 1.5;
