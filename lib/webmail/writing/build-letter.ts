import MailComposer from 'nodemailer/lib/mail-composer';
import { parseEnvelopePath } from '../../addresses/envelope-path.ts';
import { contentIdsIn } from './carried-html.ts';
import { flowText } from './flow-text.ts';
import { htmlDocument, wholeHtml } from './letter-html.ts';
import { MailError } from '../connection/mail-error.ts';
import { mailHost } from '../connection/mail-host.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { senderOf } from './identities.ts';
import { plainTextBeside } from './plain-text-beside.ts';
import type { Letter } from './letter.ts';
import type { Person } from '../reading/mail-message.ts';
import { openUploads, readUpload } from '../files/upload-store.ts';

export interface BuiltLetter {
  /** as it goes to its recipients, or as the draft */
  bytes: Buffer;
  /** as its writer keeps it: with Bcc */
  copy: Buffer;
  messageId: string;
  /** address of the envelope */
  from: string;
}

/** The Message-ID of a letter follows from its id: whoever sends it twice sends the same message. */
export const messageIdOf = (letter: { id: string }): string => `<${letter.id}@${mailHost().name}>`;

/**
 * The bytes of a letter (RFC 5322, MIME); the same letter and date make the same bytes. A draft keeps Bcc, lets unfinished recipients stand
 * and remembers which message it answers. Throws MailError UploadGone, TooLarge, InvalidRequest (a foreign From).
 */
export async function buildLetter(
  mailbox: MailboxIdentity,
  letter: Letter,
  use: 'send' | 'draft',
  date: Date = new Date(),
): Promise<BuiltLetter> {
  const from = await senderOf(mailbox, letter.from);
  const html = wholeHtml(use === 'send' ? { ...letter, html: withQuoteBar(letter.html) } : letter);
  // with each save its words are worked out once more, and kept twice
  const isHugeDraft = use === 'draft' && html.length > mostDraftCharacters;
  const plain = html ? (isHugeDraft ? undefined : await plainTextBeside(mailbox.mailboxId, html)) : letter.text;
  // what is not there makes no part: then the first text would be somebody's file
  const text = use === 'send' && plain ? flowText(plain) : plain;
  const shown = contentIdsIn(html);
  // A picture that was taken out of the text does not go along unseen.
  const wanted = letter.uploads.filter(({ contentId }) => contentId === undefined || shown.has(contentId));
  const uploads = await openUploads(mailbox, wanted);
  const messageId = messageIdOf(letter);
  const recipients = (people: readonly Person[]) =>
    people.filter((person) => use === 'send' || isFinished(person)).map(({ name, address }) => ({ name, address }));
  const composer = new MailComposer({
    from: { name: letter.from?.name || from.name, address: from.address },
    to: recipients(letter.to),
    cc: recipients(letter.cc),
    bcc: recipients(letter.bcc),
    replyTo: letter.replyTo ?? (from.replyTo || undefined),
    subject: letter.subject,
    messageId,
    date,
    inReplyTo: letter.inReplyTo || undefined,
    references: letter.references.length > 0 ? letter.references : undefined,
    headers: [...(letter.fields ?? []).map(({ name, value }) => ({ key: name, value })), ...(use === 'draft' ? draftHeaders(letter) : [])],
    text,
    html: html ? htmlDocument(html, use) : undefined,
    ...(letter.calendar ? { alternatives: [calendarPart(letter.calendar)] } : {}),
    attachments: uploads.map((upload, at) => {
      const contentId = wanted[at]?.contentId;
      const inline = contentId === undefined || !html ? {} : { cid: contentId, contentDisposition: 'inline' as const };
      return {
        filename: upload.name,
        contentType: upload.type,
        contentDisposition: 'attachment' as const,
        content: readUpload(upload),
        ...inline,
      };
    }),
    baseBoundary: letter.id.replaceAll('-', ''),
    disableUrlAccess: true,
    newline: 'windows',
  });
  const message = composer.compile();
  message.keepBcc = true;
  if (use === 'send' && text) firstText(message)?.setHeader('Content-Type', 'text/plain; charset=utf-8; format=flowed');
  const built = await message.build();
  // SMTP ends a message with CRLF; so that what is sent and what is kept are the same, the letter has it already.
  const copy = built.subarray(-2).toString('latin1') === '\r\n' ? built : Buffer.concat([built, Buffer.from('\r\n')]);
  const bytes = use === 'draft' ? copy : withoutBcc(copy);
  if (copy.length > mailHost().messageBytes) throw new MailError('TooLarge');
  return { bytes, copy, messageId, from: from.address };
}

/** So much HTML takes some 80 ms of a worker to be text. Who goes on writing a longer draft elsewhere reads its HTML. */
const mostDraftCharacters = 200_000;

/** Outlook and Gmail show no bar beside a quote that asks for none. */
const withQuoteBar = (html: string): string =>
  html.replaceAll(
    '<blockquote type="cite">',
    () => '<blockquote type="cite" style="margin:0 0 0 8px;padding:0 0 0 12px;border-left:2px solid #b9bfcc">',
  );

type Node = ReturnType<MailComposer['compile']>;

/** The part that is the letter's own text. */
function firstText(node: Node & { childNodes?: Node[] }): Node | null {
  if (/^text\/plain/i.test(String(node.getHeader('Content-Type')))) return node;
  const [first] = node.childNodes ?? [];
  return first ? firstText(first) : null;
}

/** Those in Bcc are named to nobody (RFC 5322 section 3.6.3). */
function withoutBcc(bytes: Buffer): Buffer {
  const end = bytes.indexOf('\r\n\r\n');
  const head = bytes.subarray(0, end + 2).toString('latin1');
  return Buffer.concat([
    Buffer.from(
      head.replace(/^bcc:.*\r\n(?:[ \t].*\r\n)*/im, () => ''),
      'latin1',
    ),
    bytes.subarray(end + 2),
  ]);
}

/** iMIP (RFC 6047 section 2.4): the method stands in the type too. */
const calendarPart = (content: string) => ({
  contentType: 'text/calendar; method=REPLY; charset=UTF-8',
  content,
  contentTransferEncoding: 'base64' as const,
});

const isFinished = (person: Person): boolean => parseEnvelopePath(person.address) !== null;

/** Recipients that are no addresses yet: no header field of the standard can hold them. */
export type Unfinished = Record<'to' | 'cc' | 'bcc', Person[]>;

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** by which window it was written, and when that gave it, by its own clock */
export const writerField = 'X-Postamt-Window';

/** What a draft must remember to be taken up again elsewhere. Never sent. */
function draftHeaders(letter: Letter): { key: string; value: string }[] {
  const left = (people: readonly Person[]) => people.filter((person) => !isFinished(person));
  const unfinished: Unfinished = { to: left(letter.to), cc: left(letter.cc), bcc: left(letter.bcc) };
  const any = Object.values(unfinished).some((people) => people.length > 0);
  return [
    { key: 'X-Postamt-Letter', value: letter.id },
    { key: 'X-Postamt-Kind', value: letter.kind },
    ...(letter.writer ? [{ key: writerField, value: `${letter.writer} ${letter.givenAt ?? ''}`.trim() }] : []),
    ...(letter.source ? [{ key: 'X-Postamt-Source', value: encoded(letter.source) }] : []),
    ...(letter.replyTo || letter.fields
      ? [{ key: 'X-Postamt-Kept', value: encoded({ replyTo: letter.replyTo, fields: letter.fields }) }]
      : []),
    ...(any ? [{ key: 'X-Postamt-Unfinished', value: encoded(unfinished) }] : []),
  ];
}

/** Everybody the letter goes to, once. Throws MailError NoRecipient, InvalidRecipient. */
export function envelopeRecipients(letter: Pick<Letter, 'to' | 'cc' | 'bcc'>): string[] {
  const everybody = [...letter.to, ...letter.cc, ...letter.bcc];
  if (everybody.length === 0) throw new MailError('NoRecipient');
  const paths = everybody.map(({ address }) => {
    const path = parseEnvelopePath(address.trim());
    if (!path) throw new MailError('InvalidRecipient', address);
    return path;
  });
  // two spellings of one mailbox are one recipient, in the first of them
  return [...new Map(paths.map(({ own, text }) => [own ?? text, text] as const).reverse()).values()].reverse();
}
