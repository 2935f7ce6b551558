import type { Letter } from '#lib/webmail/types.ts';
import { getMail } from '../mail-api.ts';
import { dropFromJournal, readJournal } from './journal.ts';
import { openElsewhere } from './letter-lock.ts';

/**
 * Letters of the journal that nobody has open, newest first. One that was on its way when its page was closed may have been sent in that
 * moment: the server knows.
 */
export async function lettersLeftBehind(owner: string): Promise<Letter[]> {
  const elsewhere = await openElsewhere();
  const left: Letter[] = [];
  for (const { letter, state } of readJournal(owner)) {
    if (elsewhere.has(letter.id)) continue;
    const sent = state === 'leaving' && (await getMail<{ sent: boolean }>('send', { id: letter.id }).catch(() => ({ sent: false }))).sent;
    if (sent) dropFromJournal(owner, letter.id);
    else left.push(letter);
  }
  return left;
}
