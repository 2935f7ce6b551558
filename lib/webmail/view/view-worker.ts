import { viewLimits } from '../../config/view-limits.ts';
import { decodeContent } from '../../mime/decode-content.ts';
import { decodeCharset } from '../../mime/decode-charset.ts';
import { decodeText } from '../../mime/decode-text.ts';
import { decodeEncodedWords } from '../../mime/decode-encoded-words.ts';
import type { Entity } from '../../mime/entity.ts';
import { bodyCharset } from '../../mime/body-charset.ts';
import { findEntity, findLetterPart, leavesOf, type LetterPart, toLetterPart } from '../../mime/letter-part.ts';
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
import { readInvitation } from '../calendar/invitation.ts';
import { calendarReply } from '../calendar/reply.ts';
import { invitedAs } from '../calendar/invited-as.ts';
import { carryHtml } from '../html/carry-html.ts';
import { peopleOf } from '../people/decode-people.ts';
import { matchesFilter } from '../filters/match-filter.ts';
import type { InnerFile, InnerLetterView, LetterSource, LetterView, PartBytes, ViewOptions, ViewResult, ViewTask } from './letter-view.ts';
import { filesBeside, letterSource } from './letter-source.ts';
import { joinSources, joinViews } from './join-views.ts';
import { neededParts } from './needed-parts.ts';
import { isOfPerson } from './plain-bounce.ts';
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

function replyTo(task: Extract<ViewTask, { kind: 'answer-invitation' }>, depth = 0): ViewResult {
  const signed = signedInside(task.root, task.parts, depth);
  if (signed) return replyTo({ ...task, root: signed.root, parts: partsOf(signed, viewLimits.characters) }, depth + 1);
  const { root, parts, own, fallback, answer, at } = task;
  for (const { section, bytes, cut } of parts) {
    const part = findLetterPart(root, section);
    const source = part && !cut ? decodeText(asBuffer(bytes), part) : '';
    const method = part ? (parameter(part.parameters, 'method') ?? '') : '';
    const invitation = readInvitation(source, method);
    if (!invitation) continue;
    const attendee = invitedAs(invitation, new Set(own)) ?? fallback;
    const reply = calendarReply(source, { answer, attendee, at, method });
    return reply === null ? null : { reply, invitation };
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
function viewOf(root: LetterPart, parts: readonly PartBytes[], options: ViewOptions, depth = 0): LetterView {
  const letter = signedInside(root, parts, depth);
  if (!letter) return buildView(root, parts, { ...options, depth });
  const partPrefix = `${options.partPrefix}${letter.part.section}/`;
  const view = viewOf(letter.root, partsOf(letter, options.characters), { ...options, partPrefix }, depth + 1);
  const signed = { ...view, notes: [...new Set([...view.notes, 'smime-signed' as const])] };
  const beside = besides(root, letter.part);
  return beside ? joinViews(inOrder(root, letter.part, signed, buildView(beside, parts, { ...options, depth }))) : signed;
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
  const beside = besides(root, letter.part);
  return beside ? joinSources(inOrder(root, letter.part, signed, letterSource(beside, parts, characters))) : signed;
}

/** A letter without one of its parts; null where nothing is left. */
function besides(root: LetterPart, part: LetterPart): LetterPart | null {
  const children = root.children.filter((child) => child !== part).map((child) => besides(child, part));
  return root === part ? null : { ...root, children: children.filter((child) => child !== null) };
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
    ...viewOf(letter.root, partsOf(letter, options.characters), { ...options, byPerson: options.byPerson === true || isOfPerson(fields) }),
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

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
