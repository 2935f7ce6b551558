import type { MessageStructureObject } from 'imapflow';
import { decodeEncodedWords } from '../../mime/decode-encoded-words.ts';
import { MessageHeader, unfold } from '../../mime/read-header.ts';
import { inFolder, withImap } from '../imap-pool.ts';
import type { MailboxIdentity } from '../mailbox-identity.ts';
import type { Filter } from './filter.ts';
import { looksIntoText, matchesFilter } from './match-filter.ts';

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
}

/** a letter's text is looked into so far: the words that people filter by stand at its beginning */
const textBytes = 262_144;

/**
 * Which of a folder's letters a filter would take: `count` of them, without the newest `skip`. Throws MailError NotFound for the folder.
 */
export function tryFilter(
  mailbox: MailboxIdentity,
  { filter, folder, skip, count }: { filter: Filter; folder: string; skip: number; count: number },
): Promise<Tried> {
  const whole = looksIntoText(filter);
  return withImap(
    mailbox,
    (imap) =>
      inFolder(
        imap,
        folder,
        async () => {
          const exists = imap.client.mailbox === false ? 0 : imap.client.mailbox.exists;
          const last = exists - skip;
          if (last < 1) return { matches: [], looked: 0, left: 0 };
          const first = Math.max(1, last - count + 1);
          const items = { uid: true, size: true, bodyStructure: true, internalDate: true, flags: true } as const;
          const query = whole ? { ...items, source: { maxLength: textBytes } } : { ...items, headers: true as const };
          const matches: TriedLetter[] = [];
          for await (const message of imap.client.fetch(`${first}:${last}`, query)) {
            const bytes = message.source ?? message.headers ?? Buffer.alloc(0);
            const letter = { bytes, sizeBytes: message.size ?? 0, dispositions: dispositionsOf(message.bodyStructure) };
            if (message.flags?.has('\\Deleted') || !matchesFilter(filter, letter)) continue;
            matches.push({ uid: message.uid, ...headOf(bytes), date: new Date(message.internalDate ?? 0).toISOString() });
          }
          return { matches: matches.toSorted((a, b) => b.uid - a.uid), looked: last - first + 1, left: first - 1 };
        },
        { readOnly: true },
      ),
    { retry: true },
  );
}

function headOf(bytes: Buffer): { from: string; subject: string } {
  const header = new MessageHeader(bytes);
  const text = (key: string): string => {
    const field = header.named(key)[0];
    return field ? decodeEncodedWords(unfold(header.block, field.valueStart, field.end)).slice(0, 300) : '';
  };
  return { from: text('from'), subject: text('subject') };
}

function dispositionsOf(node: MessageStructureObject | undefined): string[] {
  if (!node) return [];
  return [node.disposition ?? '', ...(node.childNodes ?? []).flatMap(dispositionsOf)];
}
