import { z } from 'zod';
import { JoinedBytes } from '../mime/joined-bytes.ts';
import { filterItems, filterSchema } from './filters/filter.ts';
import { hasFewValues } from './few-values.ts';
import { fromRanges } from './files/part-ranges.ts';
import { isLabelName } from './reading/labels.ts';
import { keptRequest } from './writing/kept-fields.ts';
import { MailError } from './connection/mail-error.ts';
import { type Letter, mostUploads } from './writing/letter.ts';
import type { MessageReference } from './reading/mail-message.ts';

/** The door: what a page may send, and nothing else. */

/** NUL is in no name, nor half of a sign, and the database takes neither. */
const folder = z
  .string()
  .min(1)
  .max(1000)
  .regex(/^[^\0\p{Cs}]*$/u);
const uid = z.coerce.number().int().min(1).max(4_294_967_295);
const uids = z.array(uid).min(1).max(10_000);
const reference = z.object({ folder, uid });
/** Text as the database and a letter can hold it: half of a sign (an emoji that a limit cut) and NUL are neither. */
const words = (most: number) =>
  z
    .string()
    .max(most)
    .transform((value) => value.toWellFormed().replaceAll('\0', ''));
/** A name is one line: whoever decodes what carries it should find no other field there. */
const oneLine = (most: number) => words(most).transform((value) => value.replace(/\p{Cc}+/gu, ' '));
const person = z.object({ name: oneLine(500), address: words(500) });
const people = z.array(person).max(10_000);

export const listRequest = z.object({
  folder,
  from: z.coerce.number().int().min(0).max(10_000_000).default(0),
  count: z.coerce.number().int().min(1).max(200).default(50),
  filter: z.enum(['all', 'unread', 'attachment']).default('all'),
  /** messages that stay in the window whatever the filter says */
  keep: z
    .string()
    .regex(/^(\d{1,10}(,\d{1,10}){0,999})?$/)
    .default('')
    .transform((list) => (list === '' ? [] : list.split(',').map(Number))),
});
export const messageRequest = z.object({
  folder,
  uid,
  images: z.enum(['blocked', 'shown']).default('blocked'),
  whole: z.enum(['0', '1']).default('0'),
  answeredFolder: folder.optional(),
  answeredUid: uid.optional(),
});
export const conversationRequest = messageRequest.extend({ heads: z.coerce.number().int().min(1).max(1_000_000).optional() });
const partPath = z.string().regex(/^\d{1,5}(\.\d{1,5}){0,100}(\/\d{1,5}(\.\d{1,5}){0,100}){0,20}$/);
export const innerRequest = z.object({
  folder,
  uid,
  part: partPath,
  images: z.enum(['blocked', 'shown']).default('blocked'),
  whole: z.enum(['0', '1']).default('0'),
});
export const partRequest = z.object({
  folder,
  uid,
  part: z.union([partPath, z.literal('')]).default(''),
  open: z.enum(['0', '1']).default('0'),
});
export const searchRequest = z.object({
  folder,
  q: words(1000).pipe(z.string().min(1)),
  after: z
    .string()
    .regex(/^-?\d{1,16} [\w-]{1,100}$/)
    .optional(),
  count: z.coerce.number().int().min(1).max(200).default(200),
});
export const flagRequest = z.object({
  folder,
  uids,
  flag: z.enum(['seen', 'flagged', 'answered', 'forwarded']).or(z.object({ label: z.string().refine(isLabelName) })),
  on: z.boolean(),
});
export const moveRequest = z.object({
  folder,
  uids,
  to: z.union([folder, z.object({ use: z.enum(['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash']) })]),
});
export const deleteRequest = z.object({ folder, uids: z.union([uids, z.literal('all')]) });
export const folderRequest = z.object({ name: z.string().min(1).max(200) });
export const renameRequest = z.object({ path: folder, name: z.string().min(1).max(200) });
export const folderPath = z.object({ path: folder });
/** IANA name; what the reader's machine does not know is the house's zone. */
const timeZone = z
  .string()
  .max(100)
  .optional()
  .transform((name) => (name && isTimeZone(name) ? name : undefined));
const isTimeZone = (name: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
};
export const prepareRequest = z.object({
  kind: z.enum(['reply', 'reply-all', 'forward', 'forward-whole', 'draft', 'as-new']),
  folder,
  uid,
  zone: timeZone,
});
export const imageRequest = z.object({ of: z.string().regex(/^[\w-]{1,9000}$/) });
export const uploadRequest = z.object({
  name: z.string().min(1).max(500),
  type: z.string().max(200).default(''),
  inline: z.enum(['0', '1']).default('0'),
});
export const uploadId = z.object({ id: z.string().regex(/^[a-f0-9]{32}$/) });

/** RFC 5322 msg-id without its brackets, of the signs that need no escape in HTML and in a URL. */
const contentId = z.string().regex(/^[A-Za-z0-9._-]{1,100}@[A-Za-z0-9._-]{1,255}$/);
const letterId = z.string().regex(/^[a-f0-9-]{36}$/);
const messageId = z.string().regex(/^<[^<>\s\0\p{Cs}]{1,900}>$/u);
export const letterRequest: z.ZodType<Letter> = z.object({
  id: letterId,
  kind: z.enum(['new', 'reply', 'reply-all', 'forward', 'draft']),
  // A page that was open before the last update does not know these two.
  from: person.nullable().default(null),
  to: people,
  cc: people,
  bcc: people,
  subject: oneLine(2000),
  html: words(8_000_000),
  text: words(8_000_000),
  blocks: z
    .array(z.object({ id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/), html: words(8_000_000) }))
    .max(1000)
    .default([]),
  uploads: z
    .array(
      z.object({
        id: z.string().regex(/^[a-f0-9]{32}$/),
        name: words(500),
        type: words(200),
        sizeBytes: z.number().int().min(0),
        contentId: contentId.optional(),
      }),
    )
    .max(mostUploads),
  inReplyTo: z.union([messageId, z.literal('')]),
  references: z.array(messageId).max(50),
  source: reference.nullable() as z.ZodType<MessageReference | null>,
  draft: reference.nullable() as z.ZodType<MessageReference | null>,
  writer: letterId.optional(),
  givenAt: z.number().int().min(0).optional(),
  ...keptRequest.shape,
});
/** One press of "Send"; a page of an earlier version does not say it. */
const press = z
  .string()
  .regex(/^[a-f0-9-]{0,36}$/)
  .default('');
/** When a letter leaves: after the seconds in which it can be taken back, or at a moment that was chosen. */
export const sendRequest = z.union([
  z.object({ letter: letterRequest, at: z.iso.datetime().nullable().default(null), press }),
  // the letter alone: as soon as can be
  letterRequest.transform((letter) => ({ letter, at: null, press: '' })),
]);
export const redirectRequest = z.object({ folder, uid, id: letterId, at: z.iso.datetime(), to: people });
export const redirectedLetter = z.object({ folder, uid, held: z.string().regex(/^\d{1,18}$/), marked: z.boolean() });
/** `at` null: now. */
export const rescheduleRequest = z.object({ id: letterId, at: z.iso.datetime().nullable() });
export const identityRequest = z.object({
  address: words(500),
  name: oneLine(200),
  replyTo: words(500),
  signature: words(200_000),
});
export const settingsRequest = z.object({
  timeZone: words(100).optional(),
  defaultFrom: words(500).optional(),
  undoSeconds: z.number().int().min(0).max(30).optional(),
  shortcuts: z.boolean().optional(),
  plainText: z.boolean().optional(),
  pictures: z.enum(['ask', 'known', 'always']).optional(),
  darkLetters: z.boolean().optional(),
});
export const invitationRequest = z.object({ folder, uid, id: letterId, answer: z.enum(['ACCEPTED', 'TENTATIVE', 'DECLINED']) });
export const zipRequest = z.object({
  folder,
  uid,
  // each once: a short address could ask for a thousand times the letter
  parts: z
    .string()
    .max(8000)
    .transform((list) => [...new Set(fromRanges(list))])
    .pipe(z.array(partPath).min(1)),
});
export const pictureSenderRequest = z.object({ address: words(500).pipe(z.string().min(3)), on: z.boolean() });
export const absenceSwitch = z.object({ enabled: z.boolean() });
export const senderRuleRequest = z.object({
  sender: words(300).pipe(z.string().min(1)),
  verdict: z.enum(['blocked', 'allowed']).nullable(),
});
const version = z.string().max(64);
export const filtersRequest = z.object({ version, items: filterItems, takeOver: z.enum(['ask', 'include', 'replace']) });
export const scriptRequest = z.object({ own: z.boolean(), version, text: z.string().max(2_000_000) });
export const tryRequest = z.object({
  filter: filterSchema,
  folder,
  before: uid.optional(),
  count: z.number().int().min(1).max(200),
});
const applied = z.array(z.number().int().min(1).max(4_294_967_295)).max(10_000);
export const applyRequest = z.object({ actions: filterSchema.shape.actions, folder, uids });
export const undoRequest = z.object({
  folder,
  at: folder,
  uids: applied,
  marks: z.array(z.object({ flag: z.string().regex(/^\\?[A-Za-z0-9$_.-]{1,60}$/), uids: applied })).max(20),
  copies: z.array(z.object({ folder, uids: applied })).max(20),
});
export const heldLetter = reference;
export const referenceRequest = reference;
export const senderRequest = person;
export const peopleRequest = z.object({ q: words(200) });
export const sentRequest = z.object({ id: letterId, press });
export const discardRequest = z.object({ id: letterId, draft: reference.nullable() });

/** Throws MailError InvalidRequest that names the field. */
export function parseRequest<T>(schema: z.ZodType<T>, given: unknown): T {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new MailError('InvalidRequest', result.error.issues.map((issue) => issue.path.join('.') || issue.message).join(', '));
}

export const parseQuery = <T>(schema: z.ZodType<T>, query: URLSearchParams): T => parseRequest(schema, Object.fromEntries(query));

const mostBodyBytes = 16_000_000;
/** A letter to ten thousand people in each of its lines has 90,000. */
const mostValues = 100_000;

/** JSON of a request, at most as large as the largest letter's text, also where no length is announced. Throws MailError TooLarge. */
export async function parseBody<T>(schema: z.ZodType<T>, request: Request): Promise<T> {
  if (Number(request.headers.get('content-length') ?? 0) > mostBodyBytes) throw new MailError('TooLarge');
  const body = new JoinedBytes();
  for await (const chunk of request.body ?? []) {
    if (body.length + chunk.length > mostBodyBytes) throw new MailError('TooLarge');
    body.push(chunk);
  }
  const bytes = body.take();
  if (!hasFewValues(bytes, mostValues)) throw new MailError('TooLarge');
  return parseRequest(schema, parseJson(bytes.toString()));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
