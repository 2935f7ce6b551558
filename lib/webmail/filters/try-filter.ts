import type { MessageStructureObject } from 'imapflow';
import { decodeEncodedWords } from '../../mime/decode-encoded-words.ts';
import { MessageHeader, unfold } from '../../mime/read-header.ts';
import { inFolder, withImap } from '../connection/imap-pool.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { uidSet } from '../connection/uid-set.ts';
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
          const older =
            before === 1 ? [] : (await imap.client.search(before ? { uid: `1:${before - 1}` } : { all: true }, { uid: true })) || [];
          const uids = older.slice(-count);
          if (uids.length === 0) return { matches: [], looked: 0, left: 0, oldest: null };
          const items = { uid: true, size: true, bodyStructure: true, internalDate: true, flags: true } as const;
          const query = whole ? { ...items, source: { maxLength: textBytes } } : { ...items, headers: true as const };
          const matches: TriedLetter[] = [];
          let batch: Candidate[] = [];
          let waiting = 0;
          const until = Date.now() + longestMs;
          const look = async (): Promise<void> => {
            if (Date.now() > until) throw new MailError('TooMuch');
            matches.push(...(await takenOf(mailbox.mailboxId, filter, batch)));
            batch = [];
            waiting = 0;
          };
          for await (const message of imap.client.fetch(uidSet(uids), query, { uid: true })) {
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
            looked: uids.length,
            left: older.length - uids.length,
            oldest: uids[0] ?? null,
          };
        },
        { readOnly: true },
      ),
    { retry: true },
  );
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
