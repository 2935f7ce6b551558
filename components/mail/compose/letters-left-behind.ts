import type { Letter } from '#lib/webmail/types.ts';
import { getMail } from '../mail-api.ts';
import { dropFromJournal, readJournal } from './journal.ts';
import { openElsewhere } from './letter-lock.ts';

export interface LeftLetter {
  letter: Letter;
  /** its writer had pressed Send; `at`: when it should leave */
  leaving: { at: string | null } | null;
}

/**
 * Letters of the journal that nobody has open, newest first. One that was on its way when its page was closed may have reached the server
 * in that moment: it knows.
 */
export async function lettersLeftBehind(owner: string): Promise<LeftLetter[]> {
  const elsewhere = await openElsewhere();
  const left: LeftLetter[] = [];
  for (const { letter, state, leaveAt } of readJournal(owner)) {
    if (elsewhere.has(letter.id)) continue;
    const leaving = state === 'leaving' ? { at: leaveAt } : null;
    const sent = leaving !== null && (await getMail<{ sent: boolean }>('send', { id: letter.id }).catch(() => ({ sent: false }))).sent;
    if (sent) dropFromJournal(owner, letter.id);
    else left.push({ letter, leaving });
  }
  return left;
}
