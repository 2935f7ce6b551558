import type { Letter } from '#lib/webmail/writing/letter.ts';
import { MailRequestError } from '../mail-api.ts';
import { takeBack } from './outbox.ts';

/**
 * Presses of "Send" that were taken back and of which the server does not know yet. They are kept in this browser until it does: what was
 * said last holds, also when the page or the connection goes in that moment.
 */
const prefix = (owner: string): string => `postamt:back:${owner}:`;

const remember = (owner: string, id: string, press: string): void => {
  try {
    localStorage.setItem(prefix(owner) + id, press);
  } catch {
    // Storage is full or switched off: the wish lives as long as the page.
  }
};
const forget = (owner: string, id: string): void => localStorage.removeItem(prefix(owner) + id);

/**
 * Takes the letter of a press back. The letter as the server kept it; null: it has left already; 'never': the server had not got it, and
 * will not take it. Throws MailRequestError where the server cannot be asked; then the wish is kept.
 */
export async function takePressBack(owner: string, id: string, press: string): Promise<Letter | null | 'never'> {
  remember(owner, id, press);
  try {
    const back = await takeBack(id, press);
    forget(owner, id);
    return back;
  } catch (error) {
    if (!(error instanceof MailRequestError) || error.problem.code !== 'NotFound') throw error;
    forget(owner, id);
    return 'never';
  }
}

/** Whether the wish is still to be told. */
export const isWished = (owner: string, id: string, press: string): boolean => localStorage.getItem(prefix(owner) + id) === press;

/** Wishes that the server has not heard. */
export const wishesKept = (owner: string): { id: string; press: string }[] =>
  Object.keys(localStorage).flatMap((key) =>
    key.startsWith(prefix(owner)) ? [{ id: key.slice(prefix(owner).length), press: localStorage.getItem(key) ?? '' }] : [],
  );
