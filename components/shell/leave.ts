import { giveUpAsking } from '../mail/compose/ask-to-stay.ts';
import { closeJournal, dropFromJournal, readJournal } from '../mail/compose/journal.ts';
import { allGiven, giveLetter } from '../mail/compose/outbox.ts';
import { bringHomeDraft } from '../mail/compose/bring-home-draft.ts';
import { takePressBack, wishesKept } from '../mail/compose/taken-back.ts';
import { pageBelongsTo } from '../mail/mail-api.ts';

/** Everything that Postamt keeps in this browser begins so. */
const prefix = 'postamt:';
const ownKeys = (): string[] => Object.keys(localStorage).filter((key) => key.startsWith(prefix));

/**
 * Before signing out: what was sent a moment ago reaches the server, letters being written are kept as drafts on the server. Answers how many texts are
 * left that only this browser has; the person says what becomes of them.
 */
export async function bringHome(address: string): Promise<number> {
  await allGiven();
  pageBelongsTo(address);
  for (const { id, press } of wishesKept(address)) await takePressBack(address, id, press).catch(() => undefined);
  for (const { letter, state, leaveAt, press } of readJournal(address)) {
    const home = state === 'leaving' ? giveLetter(letter, { at: leaveAt, press }) : bringHomeDraft(letter);
    await home.then(
      () => dropFromJournal(address, letter.id),
      () => undefined,
    );
  }
  return ownKeys().length;
}

/** To the other windows of this browser. One for the whole document: it does not hear itself. */
let others: BroadcastChannel | null = null;
/** What they are told. */
interface Left {
  keep: boolean;
  at: number;
}
/** A window that slept hears of it late: what is stored by then is of whoever came next. */
const stillTheirsMs = 10_000;

/**
 * Signs out and leaves nothing of the person, in this window or another one of the browser: what was stored here goes (unless they said to keep
 * it), and the sign-in page is opened as a document of its own, so that nothing in the memory of this one is shown to whoever comes next.
 */
export async function leave(signOut: () => Promise<void>, { keep }: { keep: boolean }): Promise<void> {
  await signOut();
  others?.postMessage({ keep, at: Date.now() } satisfies Left);
  goToDoor(keep);
}

function goToDoor(keep: boolean): void {
  closeJournal();
  giveUpAsking();
  if (!keep) for (const key of ownKeys()) localStorage.removeItem(key);
  sessionStorage.clear();
  window.location.replace('/sign-in');
}

const shown = globalThis as typeof globalThis & { postamtShown?: boolean };

/** This document has shown somebody's mail or panel: it is given up as soon as somebody signs out in another window. */
export function markShown(): void {
  shown.postamtShown = true;
  if (others) return;
  others = new BroadcastChannel('postamt.left');
  others.onmessage = ({ data: { keep, at } }: MessageEvent<Left>) => goToDoor(keep || Date.now() - at > stillTheirsMs);
}

/**
 * At the door: a document that has shown somebody's things is given up for a fresh one, however its person came here (signed out in another
 * window, suspended, expired). Nobody signs in on top of what another left in its memory.
 */
export function startFromNothing(): void {
  if (shown.postamtShown) window.location.reload();
}
