import type { Letter, LetterGiven } from '#lib/webmail/writing/letter.ts';
import { getMail, sendMail } from '../mail-api.ts';
import { askToStay } from '../../ui/ask-to-stay.ts';
import { holdLetter } from './letter-lock.ts';

/**
 * Letters on their way from this page to the server. Once it has one, sending is its promise: it holds the letter for the seconds in which
 * it can be taken back and lets it go by itself; no message of this page, no closed tab ends that. Giving is idempotent by the letter's id.
 */
export const letterSentEvent = 'postamt:letter-sent';

const underWay = new Map<string, Promise<LetterGiven>>();
/** What a browser still sends for a page that is gone: 64 KiB in all (Fetch standard, keepalive). */
const mostBytesOfGonePage = 60_000;
const patienceMs = 120_000;

/**
 * Gives the letter to the server. `at`: when it leaves; null: after the seconds of the settings. `press`: repeated, it is the same wish.
 * Throws MailRequestError.
 */
export async function giveLetter(letter: Letter, { at, press }: { at: string | null; press: string }): Promise<LetterGiven> {
  const body = { letter, at, press };
  const fits = new Blob([JSON.stringify(body)]).size < mostBytesOfGonePage;
  const release = holdLetter(letter.id);
  const giving = sendMail<LetterGiven>('send', body, 'POST', { keepalive: fits, patienceMs });
  underWay.set(letter.id, giving);
  try {
    return await giving;
  } finally {
    underWay.delete(letter.id);
    release();
  }
}

/** The letter as it was, a draft again; null when it has left. Throws MailRequestError. */
export const takeBack = async (id: string, press = ''): Promise<Letter | null> =>
  (await sendMail<{ letter: Letter | null }>('held', { id, press }, 'DELETE')).letter;

/** Whether the server has the letter that this press gave, and it was not taken back. Throws MailRequestError. */
export const hasLeft = async (id: string, press: string): Promise<boolean> =>
  (await getMail<{ sent: boolean }>('send', { id, press })).sent;

/** Once no letter is on its way from this page any more, however that went. */
export const allGiven = async (): Promise<void> => void (await Promise.allSettled(underWay.values()));

export const isUnderWay = (id: string): boolean => underWay.has(id);

export const isAnyUnderWay = (): boolean => underWay.size > 0;

if (typeof window !== 'undefined') askToStay(isAnyUnderWay);
