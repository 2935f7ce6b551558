import type { ImapFlow } from 'imapflow';
import { parseAddresses } from '../../mime/parse-addresses.ts';
import { decodeText, isMarkup } from '../../mime/decode-text.ts';
import { htmlToText } from '../../mime/html-to-text.ts';
import { findLetterPart } from '../../mime/letter-part.ts';
import { findField } from '../../mime/parse-header.ts';
import { planLetter } from '../../mime/plan-letter.ts';
import type { PictureNames } from '../html/find-picture.ts';
import { peopleOf } from '../people/decode-people.ts';
import { fetchLetter, type FetchedLetter, fetchTexts } from '../reading/fetch-letter.ts';
import { inFolder, withImap } from '../connection/imap-pool.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { filesBeside, picturesOf } from '../view/letter-source.ts';
import type { LetterSource } from '../view/letter-view.ts';
import { neededParts } from '../view/needed-parts.ts';
import { isOwnAddress, type OwnAddresses } from './own-addresses.ts';
import { foldersOfOwn } from '../reading/read-message.ts';
import { isOwn } from '../trust/trust.ts';
import type { Attachment, MessageReference, Person } from '../reading/mail-message.ts';
import { runView } from '../view/view-pool.ts';

/** A part that goes over into a new letter; part '' is the whole message. */
export type CopiedPart = Pick<Attachment, 'part' | 'name' | 'type'>;

export type SourcePicture = CopiedPart & PictureNames;

/** A message as one answers, forwards or takes it up. */
export interface SourceMessage {
  from: Person[];
  to: Person[];
  cc: Person[];
  bcc: Person[];
  replyTo: Person[];
  /** Mail-Followup-To, as mailing lists use it */
  followUpTo: Person[];
  /** where it was delivered, as the header says: for letters that name the reader nowhere else */
  deliveredTo: Person[];
  own: boolean;
  fromIsOwn: boolean;
  subject: string;
  date: string;
  messageId: string;
  inReplyTo: string;
  /** as the field stands */
  references: string;
  header: ReadonlyMap<string, string>;
  /** empty if there is HTML */
  text: string;
  /** as it was sent, not yet made safe; empty if there is none */
  html: string;
  cut: boolean;
  attachments: CopiedPart[];
  /** pictures that the HTML may refer to */
  pictures: SourcePicture[];
}

/** Throws MailError NotFound. */
export function readSource(mailbox: MailboxIdentity, reference: MessageReference, ownAddresses: OwnAddresses): Promise<SourceMessage> {
  return withImap(
    mailbox,
    async (imap) => {
      const ownFolders = await foldersOfOwn(imap);
      return inFolder(imap, reference.folder, async () => {
        const letter = await fetchLetter(imap.client, reference.uid);
        const { envelope, fields, root, row } = letter;
        const plan = planLetter(root);
        const text = await readText(imap.client, mailbox.mailboxId, letter);
        const fromIsOwn = envelope.from[0] !== undefined && isOwnAddress(ownAddresses, envelope.from[0].address);
        const header = new Map(fields.map(({ key, value }) => [key, value]));
        return {
          from: envelope.from,
          to: envelope.to,
          cc: envelope.cc,
          bcc: envelope.bcc,
          replyTo: envelope.replyTo,
          followUpTo: peopleOf(parseAddresses(header.get('mail-followup-to') ?? '', mostFollowed)),
          deliveredTo: ['delivered-to', 'x-original-to', 'envelope-to'].flatMap((name) => {
            const address = header.get(name)?.replace(/^<|>$/g, '') ?? '';
            return address ? [{ name: '', address }] : [];
          }),
          own: isOwn(letter.provenance, mailbox.mailboxId, ownFolders.has(reference.folder)),
          fromIsOwn,
          subject: envelope.subject,
          date: new Date(envelope.date ?? row.internalDate ?? 0).toISOString(),
          messageId: envelope.messageId,
          inReplyTo: envelope.inReplyTo,
          references: findField(fields, 'references') ?? '',
          header,
          text: text.source,
          html: text.html,
          cut: text.cut,
          attachments: [...filesBeside(plan, text), ...text.files],
          pictures: text.pictures,
        };
      });
    },
    { retry: true },
  );
}

const mostFollowed = 100;
const mostCharacters = 2_000_000;
const bareCharacters = 200_000;

async function readText(client: ImapFlow, mailboxId: number, letter: FetchedLetter): Promise<LetterSource> {
  const plan = planLetter(letter.root);
  const parts = await fetchTexts(client, letter, neededParts(plan, mostCharacters));
  const done = await runView({ kind: 'source', root: letter.root, parts, characters: mostCharacters }, mailboxId);
  if (done?.result && 'source' in done.result) return done.result;
  const first = parts.find(({ section }) => findLetterPart(letter.root, section)?.type === 'text');
  const part = first && findLetterPart(letter.root, first.section);
  const bare = { html: '', files: [], pictures: picturesOf(plan), opened: [] };
  if (!first || !part) return { ...bare, source: '', cut: false };
  const text = decodeText(Buffer.from(first.bytes).subarray(0, bareCharacters), part);
  return { ...bare, source: isMarkup(part) ? htmlToText(text) : text, cut: true };
}
