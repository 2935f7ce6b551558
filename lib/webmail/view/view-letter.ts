import type { ImapFlow } from 'imapflow';
import { viewLimits } from '../../config/view-limits.ts';
import { decodeText, isMarkup } from '../../mime/decode-text.ts';
import { htmlToText } from '../../mime/html-to-text.ts';
import { findLetterPart, type LetterPart } from '../../mime/letter-part.ts';
import { planLetter } from '../../mime/plan-letter.ts';
import { toAttachment } from '../files/attachments.ts';
import { type FetchedLetter, fetchTexts } from '../reading/fetch-letter.ts';
import { imageKey } from '../remote/image-address.ts';
import type { LetterView, PartBytes, ViewOptions } from './letter-view.ts';
import { neededParts } from './needed-parts.ts';
import { readReportHead } from './plain-bounce.ts';
import { textBlocks, textOfBlocks } from './text-blocks.ts';
import type { MessageBody, MessageReference } from '../reading/mail-message.ts';
import { keepView, keptView } from './view-cache.ts';
import { runView } from './view-pool.ts';

export interface Wish {
  images: 'blocked' | 'shown';
  /** the reader asked for all of a long letter */
  whole?: boolean;
}

/** Where our own routes serve one part of a message, up to the number of the part. */
const partAddressOf = (reference: MessageReference): string =>
  `/api/mail/part?${new URLSearchParams({ folder: reference.folder, uid: String(reference.uid) })}&part=`;

export const viewOptions = (reference: MessageReference, wish: Wish, partPrefix = ''): ViewOptions => ({
  partAddress: partAddressOf(reference),
  partPrefix,
  images: wish.images,
  imageKey: imageKey(),
  characters: wish.whole ? viewLimits.wholeCharacters : viewLimits.characters,
  dark: true,
});

/** Fetches what a letter's view needs and has it built in a worker; past its limits the bare text stands in its place. */
export async function viewLetter(
  client: ImapFlow,
  mailboxId: number,
  reference: MessageReference,
  letter: FetchedLetter,
  wish: Wish,
): Promise<LetterView> {
  const validity = client.mailbox === false ? '' : client.mailbox.uidValidity;
  const key = JSON.stringify([mailboxId, reference.folder, String(validity), letter.uid, wish.images, wish.whole === true]);
  const kept = keptView(key);
  if (kept) return kept;
  const view = await buildLetter(client, mailboxId, reference, letter, wish);
  // what cost too much may go better when there is less to do
  if (!view.notes.includes('plain-only')) keepView(key, view);
  return view;
}

async function buildLetter(
  client: ImapFlow,
  mailboxId: number,
  reference: MessageReference,
  letter: FetchedLetter,
  wish: Wish,
): Promise<LetterView> {
  const options = { ...viewOptions(reference, wish), report: readReportHead(letter.fields) };
  const plan = planLetter(letter.root);
  const parts = await fetchTexts(client, letter, neededParts(plan, options.characters));
  const done = await runView({ kind: 'view', root: letter.root, parts, options }, mailboxId);
  const view = done?.result && 'blocks' in done.result ? done.result : bareView(letter.root, parts);
  const nothing =
    view.html === '' && view.blocks.length === 0 && view.attachments.length === 0 && view.notes.length === 0 && !view.calendar;
  const lost = nothing && view.outcomes.length === 0 && parts.every(({ bytes }) => Buffer.from(bytes).toString('latin1').trim() === '');
  return lost ? { ...view, ...asText(await rawText(client, letter.uid)) } : view;
}

export const bodyOf = ({ html, blocks, blockedImages, removedTrackers, cut, notes, calendar, outcomes }: LetterView): MessageBody => ({
  html,
  blocks,
  blockedImages,
  removedTrackers,
  cut,
  notes,
  calendar,
  outcomes,
  foldable: false,
});

const bareCharacters = 100_000;

/** The text without its looks, by what takes linear time: for letters that cost a worker too much. */
function bareView(root: LetterPart, parts: readonly PartBytes[]): LetterView {
  const plan = planLetter(root);
  const texts: string[] = [];
  for (const { section, bytes } of parts.slice(0, 10)) {
    const part = findLetterPart(root, section);
    if (part?.type !== 'text') continue;
    const text = decodeText(Buffer.from(bytes).subarray(0, bareCharacters), part);
    texts.push((isMarkup(part) ? htmlToText(text) : text).slice(0, bareCharacters));
  }
  return {
    html: '',
    ...asText(texts.find((text) => text.trim() !== '') ?? ''),
    blockedImages: 0,
    removedTrackers: 0,
    cut: true,
    notes: ['plain-only'],
    calendar: null,
    outcomes: [],
    attachments: plan.files.map((part) => toAttachment(part, '')),
    tailQuote: '',
  };
}

function asText(source: string): Pick<LetterView, 'blocks' | 'text'> {
  const blocks = textBlocks(source);
  return { blocks, text: textOfBlocks(blocks) };
}

const rawBytes = 65_536;

/** What stands in a message whose parts hold nothing, because its boundaries or its header are broken: shown as it is. */
async function rawText(client: ImapFlow, uid: number): Promise<string> {
  const row = await client.fetchOne(String(uid), { uid: true, source: { start: 0, maxLength: rawBytes } }, { uid: true });
  const raw = row === false ? '' : new TextDecoder().decode(row.source);
  const at = raw.search(/\r?\n\r?\n/);
  const body = at < 0 ? '' : raw.slice(at).trim();
  return body || (at < 0 || raw.slice(0, at).search(/^[\x21-\x39\x3b-\x7e]+:/m) < 0 ? raw.trim() : '');
}
