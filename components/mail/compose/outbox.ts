import type { Letter, LetterSent } from '#lib/webmail/types.ts';
import { sendMail } from '../mail-api.ts';
import { holdLetter } from './letter-lock.ts';

/**
 * Letters on their way out of this page. Each waits some seconds in which it can be taken back; whoever leaves the page, signs out or puts
 * the phone away has not taken it back, so then it goes at once. Sending is idempotent by the letter's id.
 */
interface Waiting {
  letter: Letter;
  send: () => Promise<void>;
  release: () => void;
}

export const letterSentEvent = 'postamt:letter-sent';

const waiting = new Map<string, Waiting>();
let underWay = 0;
/** What a browser still sends for a page that is gone: 64 KiB in all (Fetch standard, keepalive). */
const mostBytesOfGonePage = 60_000;

const fits = (letter: Letter): boolean => new Blob([JSON.stringify(letter)]).size < mostBytesOfGonePage;

/** `finish` is told how it went, once. */
export function waitToLeave(letter: Letter, finish: (sending: Promise<LetterSent>) => Promise<void>): void {
  const entry: Waiting = {
    letter,
    release: holdLetter(letter.id),
    async send() {
      if (!waiting.delete(letter.id)) return;
      underWay += 1;
      try {
        await finish(sendMail<LetterSent>('send', entry.letter, 'POST', fits(entry.letter)));
      } finally {
        underWay -= 1;
        entry.release();
      }
    },
  };
  waiting.set(letter.id, entry);
}

/** The draft was kept here; false when the letter has gone already. */
export function noteDraft(id: string, draft: Letter['draft']): void {
  const entry = waiting.get(id);
  if (entry) entry.letter = { ...entry.letter, draft };
}

/** The letter as it waits, or null when it has gone already. */
export function takeBack(id: string): Letter | null {
  const entry = waiting.get(id);
  waiting.delete(id);
  entry?.release();
  return entry?.letter ?? null;
}

export const isAnyWaiting = (): boolean => waiting.size > 0;

export const sendNow = (id: string): Promise<void> => waiting.get(id)?.send() ?? Promise.resolve();

export const sendAllNow = async (): Promise<void> => void (await Promise.all([...waiting.keys()].map(sendNow)));

if (typeof window !== 'undefined') {
  window.addEventListener('beforeunload', (event) => {
    if (underWay > 0 || [...waiting.values()].some(({ letter }) => !fits(letter))) event.preventDefault();
  });
  window.addEventListener('pagehide', () => void sendAllNow());
  document.addEventListener('visibilitychange', () => {
    // A phone ends pages it has put away without a word.
    if (document.visibilityState === 'hidden' && window.matchMedia('(pointer: coarse)').matches) void sendAllNow();
  });
}
