import { htmlToText } from '../mime/html-to-text.ts';
import { plainTextOf } from './plain-text.ts';
import { runView } from './view-pool.ts';

/** So much takes a few milliseconds at the most. */
const atOnceCharacters = 10_000;

/** The plain text that goes beside a letter's HTML. A long one is made in a worker: a large draft would hold up all others with each save. */
export async function plainTextBeside(mailboxId: number, html: string): Promise<string> {
  if (html.length <= atOnceCharacters) return plainTextOf(html);
  const done = await runView({ kind: 'plain', html }, mailboxId);
  return done?.result && 'plain' in done.result ? done.result.plain : htmlToText(html);
}
