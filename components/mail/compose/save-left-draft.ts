import type { Letter } from '#lib/webmail/writing/letter.ts';
import { MailRequestError } from '../mail-api.ts';
import { bringHomeDraft } from './bring-home-draft.ts';
import { dropFromJournal, readJournal } from './journal.ts';
import { takeInHand } from './letter-lock.ts';
import { whenOnline } from './when-online.ts';

/**
 * A letter whose window was closed before the server had it: it lies in this browser and is saved as soon as there is a way, unless
 * somebody has taken it up again meanwhile. `done` is told once it is saved.
 */
export function saveLeftDraft(owner: string, letter: Letter, done: () => void): void {
  const letGo = takeInHand(letter.id);
  const save = async (): Promise<void> => {
    const entry = readJournal(owner).find((one) => one.letter.id === letter.id);
    if (entry?.state !== 'writing' || entry.letter.html !== letter.html || entry.letter.text !== letter.text) return;
    try {
      await bringHomeDraft(letter);
    } catch (error) {
      if (error instanceof MailRequestError) return saveLeftDraft(owner, letter, done);
      throw error;
    }
    dropFromJournal(owner, letter.id);
    done();
  };
  whenOnline(() => void save().finally(letGo));
}
