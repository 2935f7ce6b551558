import { asBuffer } from '../../workers/as-buffer.ts';
import { viewLimits } from '../../config/view-limits.ts';
import { decodeContent } from '../../mime/decode-content.ts';
import { decodeCharset } from '../../mime/decode-charset.ts';
import { decodeText } from '../../mime/decode-text.ts';
import { decodeEncodedWords } from '../../mime/decode-encoded-words.ts';
import type { Entity } from '../../mime/entity.ts';
import { bodyCharset } from '../../mime/body-charset.ts';
import { findEntity, leavesOf, type LetterPart, toLetterPart } from '../../mime/letter-part.ts';
import { DEFAULT_MIME_LIMITS as limits } from '../../mime/limits.ts';
import { parseAuthors } from '../../mime/parse-authors.ts';
import { parseDate } from '../../mime/parse-date.ts';
import { parameter } from '../../mime/parse-content-type.ts';
import { findField } from '../../mime/parse-header.ts';
import { opaquePart, planLetter } from '../../mime/plan-letter.ts';
import { scanEntities } from '../../mime/scan-entity.ts';
import { deepestSigned, isEntity, unwrapSigned } from '../../mime/signed-content.ts';
import { splitUuencoded } from '../../mime/uuencode.ts';
import { addressList } from '../../mime/write-envelope.ts';
import { holderOf, nameWithin, toAttachment, type FileHolder } from '../files/attachments.ts';
import { typeByName } from '../files/served-type.ts';
import { buildView } from './build-view.ts';
import { type CalendarInvitation, readInvitation } from '../calendar/invitation.ts';
import { calendarReply } from '../calendar/reply.ts';
import { invitedAs } from '../calendar/invited-as.ts';
import { DrawingCost } from '../html/drawing-cost.ts';
import { carryHtml } from '../html/carry-html.ts';
import { peopleOf } from '../people/decode-people.ts';
import { matchesFilter } from '../filters/match-filter.ts';
import type { InnerFile, InnerLetterView, LetterSource, LetterView, PartBytes, ViewOptions, ViewResult, ViewTask } from './letter-view.ts';
import { filesBeside, letterSource } from './letter-source.ts';
import { joinSources, joinViews } from './join-views.ts';
import { neededParts } from './needed-parts.ts';
import { readReportHead } from './plain-bounce.ts';
import { readTnef } from './read-tnef.ts';
import { verifySignature } from './smime.ts';

/** Everything that a stranger's bytes could make long: run in workers with a deadline (lib/webmail/view/view-pool.ts), never in the event loop. */
export default function work(task: Exclude<ViewTask, { kind: 'signature' | 'plain' }>): ViewResult;
export default function work(task: ViewTask): ViewResult | Promise<ViewResult>;
export default function work(task: ViewTask): ViewResult | Promise<ViewResult> {
  if (task.kind === 'view') return viewOf(task.root, task.parts, task.options);
  if (task.kind === 'source') return sourceOf(task.root, task.parts, task.characters);
  if (task.kind === 'signature') {
    return verifySignature(task.signed, decodeContent(asBuffer(task.signature), task.encoding), task.now);
  }
  if (task.kind === 'answer-invitation') return replyTo(task);
  if (task.kind === 'plain') return import('./plain-text.ts').then(({ plainTextOf }) => ({ plain: plainTextOf(task.html) }));
  if (task.kind === 'carry') return { carried: carryHtml(task.source, task.pictures, task.ours) };
  if (task.kind === 'filter') {
    const { filter, letters } = task;
    return { takes: letters.map((letter) => matchesFilter(filter, { ...letter, bytes: asBuffer(letter.bytes) })) };
  }
  const packed = decodeContent(asBuffer(task.container), task.encoding);
  const container = unwrapSigned(packed) ?? packed;
  if (task.kind === 'inner') {
    const letter = enter(container, task.path);
    return letter === null ? null : innerView(letter, task.options);
  }
  if (task.path.length === 0) return { name: '', type: '', bytes: container };
  return fileIn(container, task.holds, task.path);
}

function replyTo(task: Extract<ViewTask, { kind: 'answer-invitation' }>): ViewResult {
  const found = shownInvitation(task.root, task.parts);
  if (!found || found.cut) return null;
  const { source, method, invitation } = found;
  const attendee = invitedAs(invitation, new Set(task.own)) ?? task.fallback;
  const reply = calendarReply(source, { answer: task.answer, attendee, at: task.at, method });
  return reply === null ? null : { reply, invitation };
}

interface ShownInvitation {
  source: string;
  method: string;
  invitation: CalendarInvitation;
  cut: boolean;
}

/** The invitation that the page shows (viewOf), so that no other one is answered. */
function shownInvitation(root: LetterPart, parts: readonly PartBytes[], depth = 0): ShownInvitation | null {
  const letter = signedInside(root, parts, depth);
  const here = () => invitationIn(root, parts);
  if (!letter) return here();
  const inside = () => shownInvitation(letter.root, partsOf(letter, viewLimits.characters), depth + 1);
  const [first, second] = inOrder(root, letter.part, inside, here);
  return first() ?? second();
}

function invitationIn(root: LetterPart, parts: readonly PartBytes[]): ShownInvitation | null {
  for (const part of planLetter(root).calendars) {
    const brought = parts.find(({ section }) => section === part.section);
    const source = brought ? decodeText(asBuffer(brought.bytes), part) : '';
    const method = parameter(part.parameters, 'method') ?? '';
    const invitation = readInvitation(source, method);
    if (invitation) return { source, method, invitation, cut: brought?.cut ?? true };
  }
  return null;
}

interface OpenedLetter {
  raw: Buffer;
  entity: Entity;
  root: LetterPart;
}

const openLetter = (raw: Buffer): OpenedLetter => {
  const entity = scanEntities(raw, limits);
  return { raw, entity, root: toLetterPart(entity, limits.parameters) };
};

const contentOf = ({ raw }: OpenedLetter, part: Entity): Buffer => decodeContent(raw.subarray(part.bodyStart, part.bodyEnd), part.encoding);

/** The letter at the end of a path of letters. */
function enter(container: Buffer, path: readonly string[]): OpenedLetter | null {
  let letter = openLetter(container);
  for (const section of path) {
    const part = findEntity(letter.entity, section);
    if (part === null) return null;
    letter = openLetter(contentOf(letter, part));
  }
  return letter;
}

/** The bytes of a letter's parts that its view needs. */
function partsOf(letter: OpenedLetter, characters: number): PartBytes[] {
  return neededParts(planLetter(letter.root), characters).flatMap(({ section, most }) => {
    const part = findEntity(letter.entity, section);
    if (!part) return [];
    const end = Math.min(part.bodyEnd, part.bodyStart + most);
    return [{ section, bytes: letter.raw.subarray(part.bodyStart, end), cut: end < part.bodyEnd }];
  });
}

/** What was signed as one file, where it is a letter. What was encrypted is called the same by old programs, and a file may be signed as well. */
function signedInside(root: LetterPart, parts: readonly PartBytes[], depth = 0): (OpenedLetter & { part: LetterPart }) | null {
  const part = depth < deepestSigned ? opaquePart(planLetter(root)) : undefined;
  const brought = part && parts.find(({ section }) => section === part.section);
  if (!brought || brought.cut) return null;
  const inside = unwrapSigned(decodeContent(asBuffer(brought.bytes), part.encoding));
  const letter = inside && openLetter(inside);
  return letter && isEntity(letter.raw, letter.entity) ? { ...letter, part } : null;
}

/** A letter that was signed as one file is shown as what is inside, with what stands beside it, which is not signed, before or behind it. */
function viewOf(root: LetterPart, parts: readonly PartBytes[], options: ViewOptions): LetterView {
  const cost = new DrawingCost();
  const view = viewWithin(root, parts, options, cost);
  // no sheet holds a "<" (safe-css.ts)
  return cost.isBearable ? view : { ...view, html: view.html.replaceAll(/<style>[^<]*<\/style>/g, '') };
}

function viewWithin(root: LetterPart, parts: readonly PartBytes[], options: ViewOptions, cost: DrawingCost, depth = 0): LetterView {
  const letter = signedInside(root, parts, depth);
  if (!letter) return buildView(root, parts, { ...options, depth }, cost);
  const partPrefix = `${options.partPrefix}${letter.part.section}/`;
  const view = viewWithin(letter.root, partsOf(letter, options.characters), { ...options, partPrefix }, cost, depth + 1);
  const signed = { ...view, notes: [...new Set([...view.notes, 'smime-signed' as const])] };
  if (letter.part === root) return signed;
  const around = buildView(root, parts, { ...options, depth }, cost);
  const attachments = around.attachments.filter(({ part }) => part !== options.partPrefix + letter.part.section);
  // which is what it says of a signed one that does not say what it is
  const beside = { ...around, attachments, notes: around.notes.filter((note) => note !== 'smime-encrypted') };
  return joinViews(inOrder(root, letter.part, signed, beside));
}

/** The same for who answers or forwards it: its files take the place of the signed one. */
function sourceOf(root: LetterPart, parts: readonly PartBytes[], characters: number, depth = 0): LetterSource {
  const letter = signedInside(root, parts, depth);
  if (!letter) return letterSource(root, parts, characters);
  const source = sourceOf(letter.root, partsOf(letter, characters), characters, depth + 1);
  const files = [...filesBeside(planLetter(letter.root), source), ...source.files];
  const { section } = letter.part;
  const within = <T extends { part: string }>(file: T): T => ({ ...file, part: `${section}/${file.part}` });
  const signed = { ...source, files: files.map(within), pictures: source.pictures.map(within), opened: [section] };
  return letter.part === root ? signed : joinSources(inOrder(root, letter.part, signed, letterSource(root, parts, characters)));
}

/** What is signed stands where its part does. */
const inOrder = <T>(root: LetterPart, part: LetterPart, signed: T, beside: T): [T, T] =>
  leavesOf(root)[0] === part ? [signed, beside] : [beside, signed];

function innerView(letter: OpenedLetter, options: ViewOptions): InnerLetterView {
  const { fields } = letter.entity;
  const charset = bodyCharset(letter.entity);
  const date = findField(fields, 'date');
  const sentMs = date === undefined ? null : parseDate(date);
  return {
    ...viewOf(letter.root, partsOf(letter, options.characters), {
      ...options,
      report: options.report === null ? null : readReportHead(fields),
    }),
    from: peopleOf(parseAuthors(findField(fields, 'from') ?? '', 100), charset),
    to: peopleOf(addressList(fields, 'to', 1000), charset),
    cc: peopleOf(addressList(fields, 'cc', 1000), charset),
    subject: decodeEncodedWords(findField(fields, 'subject') ?? '', charset),
    date: sentMs === null ? '' : new Date(sentMs).toISOString(),
  };
}

function fileIn(container: Buffer, holds: FileHolder, path: readonly string[]): InnerFile | null {
  if (holds === 'text') return fileOfText(container, path);
  return holds === 'tnef' ? fileOfTnef(container, path) : fileOfLetter(container, path);
}

function fileOfLetter(container: Buffer, [section = '', ...rest]: readonly string[]): InnerFile | null {
  const letter = openLetter(container);
  const part = findEntity(letter.entity, section);
  if (part === null) return null;
  const described = toLetterPart(part, limits.parameters, section.split('.').map(Number));
  const content = contentOf(letter, part);
  if (rest.length > 0) return fileIn(unwrapSigned(content) ?? content, holderOf(described), rest);
  const { name, type } = toAttachment(described, '');
  return { name, type, bytes: content };
}

function fileOfTnef(container: Buffer, path: readonly string[]): InnerFile | null {
  const at = Number(path[0]) - 1;
  const file = readTnef(container)?.files[at];
  return file ? { name: nameWithin(file.name, at), type: file.type || 'application/octet-stream', bytes: file.bytes } : null;
}

function fileOfText(container: Buffer, path: readonly string[]): InnerFile | null {
  const at = Number(path[0]) - 1;
  const file = splitUuencoded(container.toString('latin1')).files[at];
  if (!file) return null;
  const name = nameWithin(decodeCharset(Buffer.from(file.name, 'latin1'), undefined), at);
  return { name, type: typeByName(name), bytes: file.bytes };
}
