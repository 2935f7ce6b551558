import { indexMessage } from '../../lib/mime/index-message.ts';
import { DEFAULT_MIME_LIMITS } from '../../lib/mime/limits.ts';
import type { MessageIndex } from '../../lib/mime/message-index.ts';
import { scanLetter } from '../../lib/mime/scan-letter.ts';
import { extractFeatures, type Original } from '../spam/extract-features.ts';
import type { LetterFeatures } from '../spam/letter-features.ts';

/** the filter looks at so much of a letter */
export const mostLookedAt = 1024 * 1024;

/** What is stored of a letter that comes from elsewhere and what the filter sees in it: what is decoded for one is decoded for the other. */
export function readLetter(raw: Buffer, original: Original | null): { index: MessageIndex; features: LetterFeatures } {
  const letter = scanLetter(raw, DEFAULT_MIME_LIMITS);
  const index = indexMessage(raw, DEFAULT_MIME_LIMITS, letter);
  const features =
    raw.length <= mostLookedAt
      ? extractFeatures(raw, original, Date.now(), letter)
      : extractFeatures(raw.subarray(0, mostLookedAt), original);
  return { index, features };
}
