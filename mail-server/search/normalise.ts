/**
 * The one form in which texts and patterns are compared: NFKC, then lower case. Every character maps by itself, whatever stands beside it
 * (the final sigma, which toLowerCase makes by position, becomes an ordinary one), so that a part of a text stays a part of it.
 * "ß" stays "ß". White space is left alone. Linear time.
 */
export function normalise(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toLowerCase();
  // thousands of combining marks on one letter make NFKC take quadratic time; real text has a few (UAX #15 allows 30)
  const bounded = MANY_MARKS.test(text) ? text.replace(MARKS, '$1') : text;
  return bounded.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
const NOT_ASCII = /[^\x00-\x7f]/;
const MANY_MARKS = /\p{M}{31}/u;
const MARKS = /(\p{M}{30})\p{M}+/gu;
