import type { Letter } from '#lib/webmail/writing/letter.ts';
import { asItsOwn, bringHomeDraft } from './bring-home-draft.ts';
import { dropFromJournal, keepInJournal, readJournal } from './journal.ts';
import { openElsewhere } from './letter-lock.ts';

/**
 * A draft as it is opened, with what this browser still has of it: its page went before the last words reached the server. Those that were
 * written on top of this very version take its place; others become a draft of their own, so that neither is lost.
 */
export async function withJournal(owner: string, draft: Letter): Promise<Letter> {
  const entry = readJournal(owner).find(({ letter, state }) => letter.id === draft.id && state === 'writing');
  if (!entry || (await openElsewhere()).has(draft.id)) return draft;
  const home = await bringHomeDraft(entry.letter).catch(() => null);
  dropFromJournal(owner, entry.letter.id);
  if (home === null) {
    // It stays in this browser, under a name of its own: what is written now shall not take its place.
    keepInJournal(owner, asItsOwn(entry.letter), 'writing');
    return draft;
  }
  return home !== 'overtaken' && home.id === draft.id ? home : draft;
}
