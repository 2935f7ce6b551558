import { normalForm } from '../../lib/mime/normal-form.ts';

/**
 * The one form in which texts and patterns are compared: NFKC, then lower case. Every character maps by itself, whatever stands beside it
 * (the final sigma, which toLowerCase makes by position, becomes an ordinary one), so that a part of a text stays a part of it.
 * "ß" stays "ß". White space is left alone. Linear time.
 */
export function normalise(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toLowerCase();
  return normalForm(text, 'NFKC').toLowerCase().replaceAll('ς', 'σ');
}

/** i;unicode-casemap of RFC 5051: in capitals, then decomposed, so that "Ä" is sorted with "A". By this SORT and THREAD compare, and Sieve where it is asked. Linear time. */
export const unicodeCasemap = (text: string): string => normalForm(text.toUpperCase(), 'NFKD');

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
const NOT_ASCII = /[^\x00-\x7f]/;
