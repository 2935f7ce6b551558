import type { FetchMessageObject, ImapAttribute, ImapFlow } from 'imapflow';
import { formatMessageResponse } from 'imapflow/lib/tools.js';
import type { Provenance } from '../../mime/judgement.ts';
import type { LetterPart } from '../../mime/letter-part.ts';
import { forgottenText, type HeaderField, parseHeader } from '../../mime/parse-header.ts';
import { DEFAULT_MIME_LIMITS } from '../../mime/limits.ts';
import { conversationItem, type Place, placesIn } from './conversation-places.ts';
import { judgement, provenanceIn, uidFetch } from './fetch-rows.ts';
import { pairs } from '../connection/imap-attributes.ts';
import { MailError } from '../connection/mail-error.ts';
import type { PartBytes } from '../view/letter-view.ts';
import { readEnvelope, readStructure, type ReadEnvelope, wireText } from './read-structure.ts';

export interface FetchedLetter {
  uid: number;
  row: FetchMessageObject;
  envelope: ReadEnvelope;
  root: LetterPart;
  provenance: Provenance;
  /** fields of the header as they stand, one byte a character */
  fields: HeaderField[];
  /** where the letters of its conversation lie; empty unless asked for */
  places: Place[];
}

/** All of a message of the selected folder but its contents; with where the rest of its conversation lies, if asked. Throws MailError NotFound. */
export async function fetchLetter(client: ImapFlow, uid: number, what: 'alone' | 'in-conversation' = 'alone'): Promise<FetchedLetter> {
  const { mailbox } = client;
  if (mailbox === false) throw new MailError('NotFound');
  const header = { value: 'BODY.PEEK', section: [{ type: 'ATOM', value: 'HEADER' }] };
  const items = ['UID', 'FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODYSTRUCTURE', header, judgement];
  if (what === 'in-conversation') items.push(conversationItem);
  if (client.capabilities.has('OBJECTID')) items.push('THREADID');
  let found: FetchedLetter | null = null;
  await uidFetch(client, String(uid), items, [], async (response) => {
    const row = await formatMessageResponse(response, mailbox, 'sha256');
    if (row.uid !== uid) return;
    const given = new Map<string, ImapAttribute | undefined>(pairs(response));
    if (!given.has('BODYSTRUCTURE')) return;
    const root = readStructure(given.get('BODYSTRUCTURE'));
    const header = row.headers ?? Buffer.from(wireText(given.get('BODY[HEADER]')), 'latin1');
    const block = header.toString('latin1', 0, DEFAULT_MIME_LIMITS.headerBytes);
    found = {
      uid,
      row,
      root,
      provenance: provenanceIn(response),
      places: placesIn(response),
      envelope: readEnvelope(given.get('ENVELOPE'), root),
      fields: parseHeader(block, DEFAULT_MIME_LIMITS.headerFields),
    };
  });
  if (found === null) throw new MailError('NotFound');
  return found;
}

/** Parts asked for at once: a command of more is refused (mail-server/imap/parser). */
const mostItems = 100;

/** Encoded bytes of some parts. */
export async function fetchParts(
  client: ImapFlow,
  uid: number,
  wanted: readonly { section: string; most: number }[],
): Promise<PartBytes[]> {
  const found = new Map<string, Buffer>();
  for (let at = 0; at < wanted.length; at += mostItems) {
    const bodyParts = wanted.slice(at, at + mostItems).map(({ section, most }) => ({ key: section, start: 0, maxLength: most }));
    const row = await client.fetchOne(String(uid), { uid: true, size: true, bodyParts }, { uid: true });
    if (row === false) throw new MailError('NotFound');
    for (const [key, bytes] of row.bodyParts ?? []) found.set(key, bytes);
  }
  return wanted.map(({ section, most }) => {
    const bytes = found.get(section.toLowerCase()) ?? Buffer.alloc(0);
    return { section, bytes, cut: bytes.length >= most };
  });
}

/** The same of a letter that is shown or answered: with the lines of its header that are the beginning of its text. */
export async function fetchTexts(
  client: ImapFlow,
  { uid, root, fields }: FetchedLetter,
  wanted: readonly { section: string; most: number }[],
): Promise<PartBytes[]> {
  const parts = await fetchParts(client, uid, wanted);
  const forgotten = forgottenText(root, fields);
  if (forgotten === '') return parts;
  const before = Buffer.from(forgotten, 'latin1');
  return parts.map((part) => (part.section === root.section ? { ...part, bytes: Buffer.concat([before, part.bytes]) } : part));
}
