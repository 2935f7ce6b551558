import type { AccountId } from '../../lib/db/ids.ts';
import type { MessageIndex } from '../../lib/mime/message-index.ts';
import type { Original } from '../spam/extract-features.ts';
import { isUnfiltered } from '../spam/judge-for-mailbox.ts';
import type { LetterFeatures } from '../spam/letter-features.ts';
import { indexIncoming, readIncoming } from './letter-work.ts';

interface Incoming {
  raw: Buffer;
  /** whose turn it is to have letters read */
  party: string;
  accounts: readonly AccountId[];
  /** it comes from elsewhere, and nobody has judged it before us */
  isFiltered: boolean;
  original: Original | null;
}

/** What is stored of a letter in some mailboxes, and what the spam filter sees in it, where one of them has it judged. */
export async function readForMailboxes({
  raw,
  party,
  accounts,
  isFiltered,
  original,
}: Incoming): Promise<{ index: MessageIndex; features: LetterFeatures | null }> {
  if (isFiltered && !accounts.every(isUnfiltered)) return readIncoming(raw, party, original);
  return { index: await indexIncoming(raw, party), features: null };
}
