import type { Letter } from '#lib/webmail/writing/letter.ts';
import { isSignedOut } from '../mail-api.ts';
import { bringHomeDraft } from './bring-home-draft.ts';
import { dropFromJournal, keepInJournal, readJournal } from './journal.ts';
import { isInHands, openElsewhere } from './letter-lock.ts';
import { hasLeft } from './outbox.ts';
import { takePressBack, wishesKept } from './taken-back.ts';

export interface LeftBehind {
  /** their writer had pressed Send: on their way again */
  leaving: { letter: Letter; at: string | null; press: string }[];
  /** the newest that was being written; a draft on the server by now, if it can be reached */
  writing: Letter | null;
  /** taken back in the moment its page went, too late */
  tooLate: boolean;
  /** something is still to be told or to be brought home: it is worth asking again in a while */
  unsettled: boolean;
}

/**
 * What of the journal nobody has open. Wishes to take back come first, so that nothing leaves against them. A letter that was on its way when
 * its page was closed may have reached the server in that moment: it knows. What was being written becomes a draft on the server, where
 * every browser finds it.
 */
export async function lettersLeftBehind(owner: string): Promise<LeftBehind> {
  const left: LeftBehind = { leaving: [], writing: null, tooLate: false, unsettled: false };
  /** Who is signed out is asked in a dialog, and not again with every try: the sign-in itself is heard of. */
  const notYet = (error: unknown): null => {
    left.unsettled ||= !isSignedOut(error);
    return null;
  };
  const held = await openElsewhere();
  for (const { id, press } of wishesKept(owner)) {
    // Asked for twice, it would be made a draft twice.
    if (held.has(id) || isInHands(id)) {
      left.unsettled = true;
      continue;
    }
    const back = await takePressBack(owner, id, press).catch((error: unknown) => notYet(error) ?? ('unknown' as const));
    left.tooLate ||= back === null;
    const entry = readJournal(owner).find(({ letter }) => letter.id === id);
    if (entry?.state !== 'writing') continue;
    const sameText = entry.press === press;
    // Left already, and nothing was written since: there is nothing to save.
    if (back === null && sameText) dropFromJournal(owner, id);
    // It lies in Drafts again; what was written since belongs on top of that.
    if (back !== null && typeof back === 'object')
      keepInJournal(owner, sameText ? back : { ...entry.letter, draft: back.draft }, 'writing');
  }
  const elsewhere = await openElsewhere();
  for (const { letter, state, leaveAt, press } of readJournal(owner)) {
    left.unsettled ||= isInHands(letter.id);
    if (elsewhere.has(letter.id) || isInHands(letter.id)) continue;
    if (state === 'leaving') {
      if (await hasLeft(letter.id, press).catch(() => false)) dropFromJournal(owner, letter.id);
      else left.leaving.push({ letter, at: leaveAt, press });
      continue;
    }
    const home = await bringHomeDraft(letter).catch(notYet);
    if (home) dropFromJournal(owner, letter.id);
    if (home !== 'overtaken') left.writing ??= home ?? letter;
  }
  return left;
}
