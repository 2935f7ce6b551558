import type { ImapFlow, MessageStructureObject } from 'imapflow';
import { decodeEncodedWords } from '../../mime/decode-encoded-words.ts';
import { MessageHeader, unfold } from '../../mime/read-header.ts';
import { inFolder, withImap } from '../connection/imap-pool.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import type { Filter } from './filter.ts';
import type { FilteredLetter } from '../view/letter-view.ts';
import { MailError } from '../connection/mail-error.ts';
import { runView } from '../view/view-pool.ts';
import { looksIntoText } from './match-filter.ts';

export interface TriedLetter {
  uid: number;
  from: string;
  subject: string;
  /** ISO 8601 */
  date: string;
}

export interface Tried {
  /** letters that the filter would take, newest first */
  matches: TriedLetter[];
  looked: number;
  /** letters of the folder that are older than those; 0 when all were looked at */
  left: number;
  /** the oldest of those that were looked at: the next ones are asked for before it; null: there are none */
  oldest: number | null;
}

/** a letter's text is looked into so far: the words that people filter by stand at its beginning */
const textBytes = 262_144;
/** so much of letters is looked at in one turn of a worker */
const batchBytes = 2_097_152;
/** of all turns together */
const longestMs = 10_000;

/**
 * Which of a folder's letters a filter would take: the newest `count` of those before the UID `before`, whatever comes and goes meanwhile.
 * Throws MailError NotFound for the folder, TooMuch for a filter that takes too long.
 */
export function tryFilter(
  mailbox: MailboxIdentity,
  { filter, folder, before, count }: { filter: Filter; folder: string; before?: number | undefined; count: number },
): Promise<Tried> {
  const whole = looksIntoText(filter);
  return withImap(
    mailbox,
    (imap) =>
      inFolder(
        imap,
        folder,
        async () => {
          const older = await countBefore(imap.client, before);
          if (older === 0) return { matches: [], looked: 0, left: 0, oldest: null };
          // the older ones are the first of the folder: their numbers say which these are, and nobody lists all of them
          const first = Math.max(1, older - count + 1);
          let oldest: number | null = null;
          const items = { uid: true, size: true, bodyStructure: true, internalDate: true, flags: true } as const;
          const query = whole ? { ...items, source: { maxLength: textBytes } } : { ...items, headers: true as const };
          const matches: TriedLetter[] = [];
          let batch: Candidate[] = [];
          let waiting = 0;
          const until = performance.now() + longestMs;
          const look = async (): Promise<void> => {
            if (performance.now() > until) throw new MailError('TooMuch');
            matches.push(...(await takenOf(mailbox.mailboxId, filter, batch)));
            batch = [];
            waiting = 0;
          };
          for await (const message of imap.client.fetch(`${first}:${older}`, query)) {
            oldest = Math.min(oldest ?? message.uid, message.uid);
            if (message.flags?.has('\\Deleted')) continue;
            const bytes = message.source ?? message.headers ?? Buffer.alloc(0);
            batch.push({
              letter: { bytes, sizeBytes: message.size ?? 0, dispositions: dispositionsOf(message.bodyStructure) },
              shown: { uid: message.uid, ...headOf(bytes), date: new Date(message.internalDate ?? 0).toISOString() },
            });
            waiting += bytes.length;
            if (waiting >= batchBytes) await look();
          }
          await look();
          return {
            matches: matches.toSorted((a, b) => b.uid - a.uid),
            looked: older - first + 1,
            left: oldest === null ? 0 : first - 1,
            oldest,
          };
        },
        { readOnly: true },
      ),
    { retry: true },
  );
}

/** How many letters of the selected folder have a smaller UID. Asked by number, as the letters are then: no number changes in between (RFC 9051 section 7.5.1). */
async function countBefore(client: ImapFlow, before: number | undefined): Promise<number> {
  if (before === 1) return 0;
  const query = before === undefined ? { all: true } : { uid: `1:${before - 1}` };
  const found = await client.search(query, { uid: false, returnOptions: ['COUNT'] });
  return Array.isArray(found) ? found.length : found ? (found.count ?? 0) : 0;
}

interface Candidate {
  letter: FilteredLetter;
  shown: TriedLetter;
}

/** Those that the filter takes. Many conditions on long texts take long, so a worker with a deadline looks. Throws MailError TooMuch. */
async function takenOf(mailboxId: number, { join, conditions }: Filter, batch: readonly Candidate[]): Promise<TriedLetter[]> {
  if (batch.length === 0) return [];
  const letters = batch.map(({ letter }) => letter);
  const done = await runView({ kind: 'filter', filter: { join, conditions }, letters }, mailboxId);
  const takes = done?.result && 'takes' in done.result ? done.result.takes : null;
  if (!takes) throw new MailError('TooMuch');
  return batch.filter((_, at) => takes[at]).map(({ shown }) => shown);
}

function headOf(bytes: Buffer): { from: string; subject: string } {
  const header = new MessageHeader(bytes);
  const text = (key: string): string => {
    const field = header.last(key);
    return field ? decodeEncodedWords(unfold(header.block, field.valueStart, field.end)).slice(0, 300) : '';
  };
  return { from: text('from'), subject: text('subject') };
}

function dispositionsOf(node: MessageStructureObject | undefined): string[] {
  if (!node) return [];
  return [node.disposition ?? '', ...(node.childNodes ?? []).flatMap(dispositionsOf)];
}
