import { setImmediate } from 'node:timers/promises';
import type { FetchMessageObject, ImapFlow, ImapResponse } from 'imapflow';
import { formatMessageResponse } from 'imapflow/lib/tools.js';
import type { LetterPart } from '../../mime/letter-part.ts';
import { conversationItem, type Place, placesIn } from './conversation-places.ts';
import { pairs, textOf } from '../connection/imap-attributes.ts';
import { isLabel } from './labels.ts';
import { readEnvelope, readStructure, type ReadEnvelope } from './read-structure.ts';
import { unknownProvenance, type Provenance } from '../../mime/judgement.ts';
import { atom, runCommand } from '../connection/run-command.ts';
import { uidSet } from '../connection/uid-set.ts';

export interface FetchedRow extends FetchMessageObject {
  preview: string | undefined;
  /** read by our own decoders; `envelope` and `bodyStructure` of imapflow are not used */
  head: ReadEnvelope;
  root: LetterPart;
  provenance: Provenance;
  /** where the letters of its conversation lie; empty unless asked for */
  places: Place[];
}

/** Index rows: the least that sorts a folder into conversations. */
export interface IndexedMessage {
  uid: number;
  /** milliseconds since the epoch */
  date: number;
  threadId: string;
  unread: boolean;
  flagged: boolean;
  deleted: boolean;
  labels: readonly string[];
}

const none: readonly string[] = [];

/** After so long of one mailbox's rows everybody else has a turn: a hundred thousand come one behind the other. */
const turnMs = 5;

/** FETCH with data items that imapflow's fetch() does not know (PREVIEW, RFC 8970) or asks for without need. */
export async function uidFetch(
  client: ImapFlow,
  uids: string,
  items: (string | { value: string; section: { type: string; value: string }[] })[],
  modifiers: unknown[],
  onRow: (response: ImapResponse) => void | Promise<void>,
): Promise<void> {
  const attributes: unknown[] = [
    { type: 'SEQUENCE', value: uids },
    items.map((item) => (typeof item === 'string' ? atom(item) : { type: 'ATOM', ...item })),
    ...modifiers,
  ];
  let since = performance.now();
  const takeRow = async (row: ImapResponse): Promise<void> => {
    await onRow(row);
    if (performance.now() - since < turnMs) return;
    await setImmediate();
    since = performance.now();
  };
  await runCommand(client, 'UID FETCH', attributes, { FETCH: takeRow });
}

/** Whole rows of the given UIDs of the selected folder, in the order of the server; or those of conversations, which say where all of it lies. */
export async function fetchRows(
  client: ImapFlow,
  uids: readonly number[],
  what: 'rows' | 'conversations' | 'envelopes' = 'rows',
): Promise<FetchedRow[]> {
  const mailbox = client.mailbox;
  if (uids.length === 0 || mailbox === false) return [];
  const whole = what !== 'envelopes';
  const items = whole ? ['UID', 'FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODYSTRUCTURE', judgement] : ['UID', 'ENVELOPE'];
  if (whole && client.capabilities.has('OBJECTID')) items.push('THREADID');
  if (whole && client.capabilities.has('PREVIEW')) items.push('PREVIEW');
  if (what === 'conversations') items.push(conversationItem);
  const rows: FetchedRow[] = [];
  await uidFetch(client, uidSet(uids), items, [], async (response) => {
    const message = await formatMessageResponse(plainOf(response), mailbox, 'sha256');
    const given = new Map(pairs(response));
    const root = readStructure(given.get('BODYSTRUCTURE'));
    const preview = given.has('PREVIEW') ? textOf(given.get('PREVIEW')) : undefined;
    if (message.uid)
      rows.push({
        ...message,
        preview,
        root,
        head: readEnvelope(given.get('ENVELOPE'), root),
        provenance: provenanceIn(response),
        places: placesIn(response),
      });
  });
  return rows;
}

const plainItems = new Set(['UID', 'FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'THREADID']);

/** What imapflow reads for us. It would read ENVELOPE and BODYSTRUCTURE too, for which there are readers of our own. */
function plainOf(response: ImapResponse): ImapResponse {
  const [first, list] = response.attributes ?? [];
  if (first === undefined || !Array.isArray(list)) return response;
  return { ...response, attributes: [first, list.filter((_, at) => plainItems.has(textOf(list[at - (at % 2)]).toUpperCase()))] };
}

/** Our own server's data item (docs/protocols.md): what it stored, as JSON. */
export const judgement = 'X-POSTAMT-JUDGEMENT';

export function provenanceIn(response: ImapResponse): Provenance {
  for (const [name, value] of pairs(response)) if (name === judgement) return JSON.parse(textOf(value)) as Provenance;
  return unknownProvenance;
}

/** Index rows of the selected folder: all, or those changed after `changedSince` (CONDSTORE, RFC 7162). */
export async function fetchIndex(client: ImapFlow, uids: string, changedSince: bigint | null): Promise<IndexedMessage[]> {
  const items = ['UID', 'FLAGS', 'INTERNALDATE'];
  if (client.capabilities.has('OBJECTID')) items.push('THREADID');
  const modifiers = changedSince === null ? [] : [[atom('CHANGEDSINCE'), atom(String(changedSince))]];
  const found: IndexedMessage[] = [];
  await uidFetch(client, uids, items, modifiers, (response) => {
    const row: IndexedMessage = { uid: 0, date: 0, threadId: '', unread: true, flagged: false, deleted: false, labels: none };
    for (const [name, value] of pairs(response)) {
      if (name === 'UID') row.uid = Number(textOf(value));
      else if (name === 'INTERNALDATE') row.date = Date.parse(textOf(value)) || 0;
      else if (name === 'THREADID') row.threadId = textOf(value);
      else if (name === 'FLAGS' && Array.isArray(value)) {
        const keywords: string[] = [];
        for (const flag of value) {
          const given = textOf(flag);
          const text = given.toLowerCase();
          if (text === '\\seen') row.unread = false;
          else if (text === '\\flagged') row.flagged = true;
          else if (text === '\\deleted') row.deleted = true;
          else if (isLabel(given)) keywords.push(given);
        }
        if (keywords.length > 0) row.labels = keywords;
      }
    }
    if (row.uid > 0) found.push({ ...row, threadId: row.threadId || `uid-${row.uid}` });
  });
  return found;
}
