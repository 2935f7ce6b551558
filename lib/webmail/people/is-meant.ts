import { normalForm } from '../../mime/normal-form.ts';
import type { Person } from '../reading/mail-message.ts';

/** What was typed, as it is looked for: in small letters and without accents ("muller" means Müller too), word by word. */
export const wordsOf = (typed: string): string[] =>
  fold(typed)
    .split(/[\s,]+/)
    .filter((word) => word !== '');

const fold = (text: string): string => normalForm(text, 'NFKD').replace(/\p{M}/gu, '').toLowerCase();

const hasWord = (text: string, beginning: string): boolean => {
  for (let at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, at + 1)) {
    if (at === 0 || /[^\p{L}\p{N}]/u.test(text.charAt(at - 1))) return true;
  }
  return false;
};

/** Whether each word begins one of the name or of the address. The server that finds people asks it, and the page that shows them. */
export function isMeant({ name, address }: Person, words: readonly string[]): boolean {
  const [foldedName, foldedAddress] = [fold(name), fold(address)];
  return words.length > 0 && words.every((word) => hasWord(foldedName, word) || hasWord(foldedAddress, word));
}
