import { htmlToText } from '../../mime/html-to-text.ts';
import { plainTextOf } from '../view/plain-text.ts';
import { runView } from '../view/view-pool.ts';

/** So much takes a few milliseconds at the most. */
const quickCharacters = 10_000;

/** The plain text that goes beside a letter's HTML. That of a long one is made in a worker: it would hold up all others. */
export async function plainTextBeside(mailboxId: number, html: string): Promise<string> {
  if (html.length <= quickCharacters) return plainTextOf(html);
  const done = await runView({ kind: 'plain', html }, mailboxId);
  return done?.result && 'plain' in done.result ? done.result.plain : htmlToText(html);
}
