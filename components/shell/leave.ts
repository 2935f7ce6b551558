import { giveUpAsking } from '../ui/ask-to-stay.ts';
import { closeJournal, dropFromJournal, readJournal } from '../mail/compose/journal.ts';
import { allGiven, giveLetter } from '../mail/compose/outbox.ts';
import { bringHomeDraft } from '../mail/compose/bring-home-draft.ts';
import { takePressBack, wishesKept } from '../mail/compose/taken-back.ts';
import { pageBelongsTo } from '../mail/mail-api.ts';
import { allTaken } from '../mail/step-order.ts';

/** Everything that Postamt keeps in this browser is named so: of what kind, whose, and of which letter. */
const nameOf = /^postamt:[a-z]+:/;
const keysOf = (address: string): string[] =>
  Object.keys(localStorage).filter((key) => nameOf.test(key) && key.replace(nameOf, '').startsWith(`${address}:`));

/** A step that waits for a connection may wait for ever. */
const stepsMs = 5000;

/**
 * Before signing out: what was sent or moved a moment ago reaches the server, letters being written are kept as drafts on the server. Answers how many texts are
 * left that only this browser has; the person says what becomes of them.
 */
export async function bringHome(address: string): Promise<number> {
  await allGiven();
  await Promise.race([allTaken(), new Promise((resolve) => setTimeout(resolve, stepsMs))]);
  pageBelongsTo(address);
  for (const { id, press } of wishesKept(address)) await takePressBack(address, id, press).catch(() => undefined);
  for (const { letter, state, leaveAt, press } of readJournal(address)) {
    const home = state === 'leaving' ? giveLetter(letter, { at: leaveAt, press }) : bringHomeDraft(letter);
    await home.then(
      () => dropFromJournal(address, letter.id),
      () => undefined,
    );
  }
  // of a letter there may be several
  return new Set(keysOf(address).map((key) => key.replace(nameOf, ''))).size;
}

/** To the other windows of this browser. One for the whole document: it does not hear itself. */
let others: BroadcastChannel | null = null;
/** What they are told: who has left, and whether what is theirs stays in this browser. */
interface Left {
  address: string;
  keep: boolean;
  at: number;
}
/** A window that slept hears of it late: what is stored by then was written after they came again. */
const stillTheirsMs = 10_000;

/**
 * Signs out and leaves nothing of the person, in this window or another one of the browser: what they stored here goes (unless they said to keep
 * it; what another person said to keep is theirs), and the sign-in page is opened as a document of its own, so that nothing in the memory of this one is shown to whoever comes next.
 */
export async function leave(address: string, signOut: () => Promise<void>, { keep }: { keep: boolean }): Promise<void> {
  await signOut();
  others?.postMessage({ address, keep, at: Date.now() } satisfies Left);
  goToDoor(address, keep);
}

function goToDoor(address: string, keep: boolean): void {
  closeJournal();
  giveUpAsking();
  if (!keep) for (const key of keysOf(address)) localStorage.removeItem(key);
  sessionStorage.clear();
  window.location.replace('/sign-in');
}

const shown = globalThis as typeof globalThis & { postamtShown?: boolean };

/** This document has shown somebody's mail or panel: it is given up as soon as somebody signs out in another window. */
export function markShown(): void {
  shown.postamtShown = true;
  if (others) return;
  others = new BroadcastChannel('postamt.left');
  others.onmessage = ({ data: { address, keep, at } }: MessageEvent<Left>) => goToDoor(address, keep || Date.now() - at > stillTheirsMs);
}

/**
 * At the door: a document that has shown somebody's things is given up for a fresh one, however its person came here (signed out in another
 * window, suspended, expired). Nobody signs in on top of what another left in its memory.
 */
export function startFromNothing(): void {
  if (shown.postamtShown) window.location.reload();
}
