import { bodyCharset } from '../../mime/body-charset.ts';
import { parseAuthors } from '../../mime/parse-authors.ts';
import { findField, findTopField } from '../../mime/parse-header.ts';
import type { CalendarInvitation } from '../calendar/invitation.ts';
import { shownDate } from './conversation-rows.ts';
import type { Place } from './conversation-places.ts';
import { fetchLetter, type FetchedLetter } from './fetch-letter.ts';
import { addressesOf, readIdentities } from '../writing/identities.ts';
import { inFolder, withImap, type ImapWork } from '../connection/imap-pool.ts';
import { invitationState } from '../calendar/invitation-state.ts';
import { marksOf } from './labels.ts';
import { specialFolder } from '../folders/list-folders.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { knownForPictures, picturesTrusted } from '../trust/picture-senders.ts';
import { quotesOnly } from './quotes-only.ts';
import { unsubscribeOf, unsubscribeWays } from '../trust/read-unsubscribe.ts';
import { peopleOf } from '../people/decode-people.ts';
import { isForwarded } from './subject-marks.ts';
import { scheduledNames } from '../sending/scheduled-name.ts';
import { isOwn, trustOf } from '../trust/trust.ts';
import type { InvitationState, MailMessage, MessageReference, Person, Trust } from './mail-message.ts';
import { verifyLetter } from '../view/verify-letter.ts';
import { bodyOf, viewLetter, type Wish } from '../view/view-letter.ts';

export interface ReadRequest extends MessageReference, Wish {
  /** the message of the conversation that this one answers, so that what it quotes can be compared with it */
  answered?: MessageReference | null;
}

/** What reading one message must know before its folder is selected. */
export interface ReaderKnows {
  ownFolders: ReadonlySet<string>;
  picturesOf: ReadonlySet<string> | null;
}

export const whatReaderKnows = async (imap: ImapWork, mailbox: MailboxIdentity): Promise<ReaderKnows> => ({
  ownFolders: await foldersOfOwn(imap),
  picturesOf: await knownForPictures(imap, mailbox),
});

/** One message, whole and safe to show. Throws MailError NotFound. */
export function readMessage(mailbox: MailboxIdentity, request: ReadRequest): Promise<MailMessage> {
  return withImap(
    mailbox,
    async (imap) => {
      const knows = await whatReaderKnows(imap, mailbox);
      const { message, tailQuote } = await inFolder(imap, request.folder, () => readSelected(imap, mailbox, request, knows));
      return tailQuote && request.answered ? withFoldable(imap, mailbox, message, tailQuote, request.answered) : message;
    },
    { retry: true },
  );
}

/** Sent, Drafts and what waits to leave: what lies there was written here. */
export async function foldersOfOwn(imap: ImapWork): Promise<Set<string>> {
  const [sent, drafts] = [await specialFolder(imap, 'sent'), await specialFolder(imap, 'drafts')];
  return new Set([sent, drafts, ...Object.values(scheduledNames)].filter((path) => path !== null));
}

export interface ReadSelected {
  message: MailMessage;
  tailQuote: string;
  text: string;
  /** where the letters of its conversation lie */
  places: Place[];
}

/** The same for a folder that is selected already. */
export async function readSelected(
  imap: ImapWork,
  mailbox: MailboxIdentity,
  request: MessageReference & Wish,
  { ownFolders, picturesOf }: ReaderKnows,
): Promise<ReadSelected> {
  const letter = await fetchLetter(imap.client, request.uid, 'in-conversation');
  const reference = { folder: request.folder, uid: request.uid };
  const trusted = await picturesTrusted(mailbox, letter.provenance, picturesOf);
  const wish = trusted ? { ...request, images: 'shown' as const } : request;
  const view = await viewLetter(imap.client, mailbox.mailboxId, reference, letter, wish);
  const { row, envelope } = letter;
  const signature = await verifyLetter(imap.client, mailbox.mailboxId, letter.uid, letter.root, envelope.from[0]);
  const own = isOwn(letter.provenance, mailbox.mailboxId, ownFolders.has(request.folder));
  const trust = trustOf(letter.provenance, envelope.from, envelope.replyTo, letter.fields);
  const message: MailMessage = {
    ...reference,
    threadId: row.threadId ?? `uid-${letter.uid}`,
    messageId: envelope.messageId,
    from: envelope.from,
    to: envelope.to,
    cc: envelope.cc,
    bcc: envelope.bcc,
    replyTo: envelope.replyTo,
    subject: envelope.subject,
    date: shownDate(envelope.date, row.internalDate),
    preview: view.text.slice(0, 2000).replace(/\s+/g, ' ').trim().slice(0, 160),
    ...marksOf(row.flags ?? new Set()),
    own,
    passedOnBy: passedOnBy(letter),
    body: bodyOf(signature ? { ...view, notes: view.notes.filter((note) => !note.startsWith('smime-sign')) } : view),
    signature,
    attachments: view.attachments,
    trust,
    invitation: view.calendar ? await stateOf(mailbox, view.calendar, trust) : null,
    unsubscribe: own ? null : unsubscribeOf(unsubscribeWays(letter.fields, letter.provenance)),
    picturesTrusted: trusted,
    sizeBytes: row.size ?? 0,
    answers: answeredIds(letter),
  };
  return { message, tailQuote: view.tailQuote, text: view.text, places: letter.places };
}

async function stateOf(mailbox: MailboxIdentity, invitation: CalendarInvitation, trust: Trust): Promise<InvitationState> {
  const own = addressesOf(await readIdentities(mailbox));
  return invitationState(mailbox, invitation, trust.verdict !== 'warning', own);
}

const mostPassing = 3;

/** Each who passes a letter on puts his fields on top (RFC 5322 section 3.6.6): the first is who sent it here. */
const passedOnBy = ({ fields, root }: Pick<FetchedLetter, 'fields' | 'root'>): Person[] =>
  peopleOf(parseAuthors(findTopField(fields, 'resent-from') ?? '', mostPassing), bodyCharset(root));

const mostIds = 100;

function answeredIds({ fields, envelope }: FetchedLetter): string[] {
  const references = (findField(fields, 'references') ?? '').slice(-20_000);
  return `${references} ${envelope.inReplyTo}`.match(/<[^<>\s]{1,500}>/g)?.slice(-mostIds) ?? [];
}

/** Whether what the message quotes at its end is what stands in `answered`, with nothing written between. */
export async function withFoldable(
  imap: ImapWork,
  mailbox: MailboxIdentity,
  message: MailMessage,
  tailQuote: string,
  answered: MessageReference,
): Promise<MailMessage> {
  if (isForwarded(message.subject)) return message;
  const quoted = await inFolder(imap, answered.folder, async () => {
    const letter = await fetchLetter(imap.client, answered.uid).catch(() => null);
    if (letter === null) return null;
    return { head: letter.envelope, view: await viewLetter(imap.client, mailbox.mailboxId, answered, letter, { images: 'blocked' }) };
  });
  const foldable = quoted !== null && quotesOnly(tailQuote, quoted.view.text, quoted.view.html.split('<img').length - 1, quoted.head);
  return { ...message, body: { ...message.body, foldable } };
}
