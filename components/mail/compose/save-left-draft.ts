import type { Letter } from '#lib/webmail/writing/letter.ts';
import { askToStay } from '../../ui/ask-to-stay.ts';
import { MailRequestError } from '../mail-api.ts';
import { bringHomeDraft } from './bring-home-draft.ts';
import { dropFromJournal, readJournal } from './journal.ts';
import { takeInHand } from './letter-lock.ts';
import { whenOnline } from './when-online.ts';

/**
 * A letter whose window was closed before the server had it: it lies in this browser and is saved as soon as there is a way, unless
 * somebody has taken it up again meanwhile. Where the browser had no room for it, only this page has it: then it is saved whatever lies there.
 * `done` is told once it is saved. Answers whether it lies in the browser.
 */
export function saveLeftDraft(owner: string, letter: Letter, done: () => void): boolean {
  const there = () => readJournal(owner).find((one) => one.letter.id === letter.id);
  const lies = (): boolean => {
    const entry = there();
    return entry?.state === 'writing' && entry.letter.html === letter.html && entry.letter.text === letter.text;
  };
  const lay = lies();
  const askNoMore = askToStay(() => !lay);
  const save = async (): Promise<void> => {
    if (lay && !lies()) return askNoMore();
    await bringHomeDraft(letter);
    // and not what another window writes by now
    if (there()?.letter.writer === letter.writer) dropFromJournal(owner, letter.id);
    askNoMore();
    done();
  };
  const tryWhenOnline = (): void => {
    const letGo = takeInHand(letter.id);
    const again = (error: unknown): void => {
      if (!(error instanceof MailRequestError)) throw error;
      tryWhenOnline();
    };
    whenOnline(() => void save().catch(again).finally(letGo));
  };
  tryWhenOnline();
  return lay;
}
