import { carryWithPictures, copyFiles, copyWhole } from './copy-parts.ts';
import { emptyLetter } from './empty-letter.ts';
import { escapeHtml } from '../html/escape-html.ts';
import { addressesOf, identityFor, readIdentities } from './identities.ts';
import { placeOf } from './letter-html.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { threadOf } from './message-ids.ts';
import { paragraphs, quoteForForward, quoteForReply, signatureHtml, roomToWrite, type QuoteWords } from './quote-text.ts';
import { readSource, type SourceMessage, type SourcePicture } from './read-source.ts';
import { replyRecipients } from './reply-recipients.ts';
import { forwardSubject, replySubject } from '../reading/subject-marks.ts';
import { editAsNew, takeUpDraft } from './take-up-draft.ts';
import type { CarriedBlock, Letter, PrepareKind, StoredUpload, WritesAs } from './letter.ts';
import type { MessageReference, Person } from '../reading/mail-message.ts';

/**
 * The letter that an answer, a forward or an opened draft begins with. What is quoted keeps its HTML, in a block that is carried as it is;
 * its pictures become parts of the new letter, attachments of forwards and drafts are copied into the upload store. Throws MailError
 * NotFound, TooLarge.
 */
export async function prepareLetter(
  mailbox: MailboxIdentity,
  kind: PrepareKind,
  reference: MessageReference,
  words: QuoteWords,
): Promise<Letter> {
  const identities = await readIdentities(mailbox);
  const own = addressesOf(identities);
  const source = fitting(await readSource(mailbox, reference, own));
  if (kind === 'draft') return takeUpDraft(mailbox, source, reference);
  // One's own letter is answered as whoever wrote it.
  const identity = identityFor(identities, source.own ? source.from : [...source.to, ...source.cc, ...source.deliveredTo]);
  if (kind === 'as-new') return editAsNew(mailbox, source, reference, asPerson(identity));
  const letter: Letter = {
    ...emptyLetter(),
    kind: kind === 'forward-whole' ? 'forward' : kind,
    source: reference,
    from: asPerson(identity),
  };
  const signature = identity?.signature ?? '';
  if (kind === 'forward-whole') {
    const uploads = await copyWhole(mailbox, source, reference);
    return { ...letter, subject: forwardSubject(source.subject), html: roomToWrite + signatureHtml(signature), uploads };
  }
  const quoted = await quoteOf(mailbox, source, reference);
  const text = quoted.cut ? `${quoted.html}<p>[${escapeHtml(words.cut)}]</p>` : quoted.html;
  if (kind === 'forward') {
    const files = [...source.attachments, ...quoted.left];
    const uploads = await copyFiles(mailbox, { ...source, cut: quoted.cut }, reference, { files, taken: quoted.uploads.length });
    return {
      ...letter,
      subject: forwardSubject(source.subject),
      html: quoteForForward(source, words, text, signature),
      blocks: quoted.blocks,
      uploads: [...quoted.uploads, ...uploads],
    };
  }
  return {
    ...letter,
    ...replyRecipients(source, kind, { own, answersTo: identities.map(({ replyTo }) => replyTo).filter(Boolean) }),
    subject: replySubject(source.subject),
    html: quoteForReply(source, words, text, signature),
    blocks: quoted.blocks,
    uploads: quoted.uploads,
    ...threadOf(source),
  };
}

const longestSubject = 900;
const longestName = 400;

/** What a stranger's header says, cut to what a letter of ours may say. */
function fitting(source: SourceMessage): SourceMessage {
  const people = (list: Person[]) =>
    list.filter(({ address }) => address.length <= longestName).map(({ name, address }) => ({ name: name.slice(0, longestName), address }));
  return {
    ...source,
    subject: source.subject.replace(/\s+/g, ' ').slice(0, longestSubject).toWellFormed(),
    from: people(source.from),
    to: people(source.to),
    cc: people(source.cc),
    bcc: people(source.bcc),
    replyTo: people(source.replyTo),
    followUpTo: people(source.followUpTo),
  };
}

const asPerson = (identity: WritesAs | undefined): Person | null => (identity ? { name: identity.name, address: identity.address } : null);

interface Quoted {
  /** HTML of the editor: paragraphs of plain text, or the place of a block */
  html: string;
  /** the original goes on where this ends */
  cut: boolean;
  blocks: CarriedBlock[];
  uploads: StoredUpload[];
  /** pictures of the original that do not stand in the block */
  left: SourcePicture[];
}

/** Text longer than this stands as a block too: an editor is no place for a log file. */
const mostEditableCharacters = 100_000;

async function quoteOf(mailbox: MailboxIdentity, source: SourceMessage, reference: MessageReference): Promise<Quoted> {
  const { html, text, pictures } = source;
  if (!html && text.length <= mostEditableCharacters)
    return { html: paragraphs(text), cut: source.cut, blocks: [], uploads: [], left: pictures };
  const original = html || `<div style="white-space: pre-wrap">${escapeHtml(text)}</div>`;
  const carried = await carryWithPictures(mailbox, { html: original, pictures }, reference);
  const block = { id: 'original', html: carried.html };
  return { html: placeOf(block.id), cut: source.cut || carried.cut, blocks: [block], uploads: carried.uploads, left: carried.left };
}
