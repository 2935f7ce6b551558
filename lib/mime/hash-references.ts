import { hash } from 'node:crypto';
import { type HeaderField, findField } from './parse-header.ts';

const MAX_REFERENCES = 50;

/**
 * 64-bit signed hashes of Message-ID, In-Reply-To and References in this order, without doubles, at most 50: of a longer References
 * the first (the root of the thread) and the last ones. Empty if the message names none.
 */
export function hashReferences(fields: readonly HeaderField[]): bigint[] {
  const own = messageIds(findField(fields, 'message-id') ?? '', true).slice(0, 1);
  const ids = new Set([...own, ...messageIds(findField(fields, 'in-reply-to') ?? '', false).slice(0, 5)]);
  const references = messageIds(findField(fields, 'references') ?? '', false);
  const room = MAX_REFERENCES - ids.size;
  const chosen = references.length <= room ? references : [...references.slice(0, 1), ...references.slice(1 - room)];
  for (const id of chosen) ids.add(id);
  return [...new Set([...ids].map(hashMessageId))];
}

/** First 8 bytes of the SHA-256 of a Message-ID without its angle brackets, as a signed number. */
export function hashMessageId(id: string): bigint {
  return hash('sha256', Buffer.from(id, 'latin1'), 'buffer').readBigInt64BE(0);
}

/** What stands in angle brackets, white space removed (broken folding); without brackets the words that hold an @, or with `any` the first word. */
function messageIds(field: string, any: boolean): string[] {
  const bracketed = [...field.matchAll(/<([^<>]+)>/g)].map((match) => (match[1] ?? '').replace(/\s+/g, '')).filter((id) => id !== '');
  if (bracketed.length > 0) return bracketed;
  const words = field.split(/[\s<>,]+/).filter((word) => word !== '');
  return any ? words.slice(0, 1) : words.filter((word) => word.includes('@'));
}
