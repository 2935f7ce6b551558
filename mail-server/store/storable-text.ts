import type { MessageIndex } from '../../lib/mime/message-index.ts';
import { normalise } from '../search/normalise.ts';

/** The texts of a message in the form in which they are stored and compared. */
export interface StorableText {
  subject: string;
  from: string;
  to: string;
  cc: string;
  /** UTF-8 of header and body together */
  text: Buffer;
  /** character of it at which the body begins, from 1 */
  bodyStart: number;
}

export function storableText(index: MessageIndex): StorableText {
  const header = normalise(index.text.slice(0, index.bodyStart - 1));
  const body = normalise(index.text.slice(index.bodyStart - 1));
  return {
    subject: normalise(index.subject),
    from: normalise(index.from),
    to: normalise(index.to),
    cc: normalise(index.cc),
    text: Buffer.from(header + body),
    bodyStart: codePoints(header) + 1,
  };
}

const known = new WeakMap<MessageIndex, StorableText>();

/** For an index that was made beside the event loop: its texts were, too. */
export function rememberText(index: MessageIndex, text: StorableText): void {
  known.set(index, text);
}

/** One letter to many mailboxes is made ready once. */
export function textOf(index: MessageIndex): StorableText {
  const text = known.get(index) ?? storableText(index);
  known.set(index, text);
  return text;
}

// Postgres' substr counts code points, JavaScript UTF-16 units
function codePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit < 0xdc00) count--;
  }
  return count;
}
