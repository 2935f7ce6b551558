import { decodeContent } from '../../mime/decode-content.ts';
import { decodeCharset } from '../../mime/decode-charset.ts';
import { decodeText } from '../../mime/decode-text.ts';
import { decodeEncodedWords } from '../../mime/decode-encoded-words.ts';
import type { Entity } from '../../mime/entity.ts';
import { bodyCharset } from '../../mime/body-charset.ts';
import { findEntity, findLetterPart, type LetterPart, toLetterPart } from '../../mime/letter-part.ts';
import { DEFAULT_MIME_LIMITS as limits } from '../../mime/limits.ts';
import { parseAuthors } from '../../mime/parse-authors.ts';
import { parseDate } from '../../mime/parse-date.ts';
import { parameter } from '../../mime/parse-content-type.ts';
import { findLastField } from '../../mime/parse-header.ts';
import { planLetter } from '../../mime/plan-letter.ts';
import { scanEntities } from '../../mime/scan-entity.ts';
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
import type { InnerFile, InnerLetterView, PartBytes, ViewOptions, ViewResult, ViewTask } from './letter-view.ts';
import { letterSource } from './letter-source.ts';
import { neededParts } from './needed-parts.ts';
import { isOfPerson } from './plain-bounce.ts';
import { readTnef } from './read-tnef.ts';
import { unwrapSigned, verifySignature } from './smime.ts';

/** Everything that a stranger's bytes could make long: run in workers with a deadline (lib/webmail/view/view-pool.ts), never in the event loop. */
export default function work(task: Exclude<ViewTask, { kind: 'signature' | 'plain' }>): ViewResult;
export default function work(task: ViewTask): ViewResult | Promise<ViewResult>;
export default function work(task: ViewTask): ViewResult | Promise<ViewResult> {
  if (task.kind === 'view') return buildView(task.root, task.parts, task.options);
  if (task.kind === 'source') return letterSource(task.root, task.parts, task.characters);
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

function replyTo({ root, parts, own, fallback, answer, at }: Extract<ViewTask, { kind: 'answer-invitation' }>): ViewResult {
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

function innerView(letter: OpenedLetter, options: ViewOptions): InnerLetterView {
  const parts: PartBytes[] = [];
  for (const { section, most } of neededParts(planLetter(letter.root), options.characters)) {
    const part = findEntity(letter.entity, section);
    if (!part) continue;
    const end = Math.min(part.bodyEnd, part.bodyStart + most);
    parts.push({ section, bytes: letter.raw.subarray(part.bodyStart, end), cut: end < part.bodyEnd });
  }
  const { fields } = letter.entity;
  const charset = bodyCharset(letter.entity);
  const date = findLastField(fields, 'date');
  const sentMs = date === undefined ? null : parseDate(date);
  return {
    ...buildView(letter.root, parts, { ...options, byPerson: options.byPerson === true || isOfPerson(fields) }),
    from: peopleOf(parseAuthors(findLastField(fields, 'from') ?? '', 100), charset),
    to: peopleOf(addressList(fields, 'to', 1000), charset),
    cc: peopleOf(addressList(fields, 'cc', 1000), charset),
    subject: decodeEncodedWords(findLastField(fields, 'subject') ?? '', charset),
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
