/** A word as people read it, and what is known of it. The next letter is made of the same words. */
export interface Word {
  /** as fold-text.ts reads it */
  text: string;
  /** of at least four letters */
  isLong: boolean;
  inCapitals: boolean;
  /** of two alphabets, so that one reads as another (Cyrillic "а" in "Pаypal") */
  isDisguised: boolean;
  /** in letters that are made for formulas */
  isFormula: boolean;
  /** by the number of who asks */
  known: unknown[];
}

let askers = 0;

/** What `find` says of a word's text, looked for once a word. */
export function oncePerWord<T>(find: (text: string) => T): (word: Word) => T {
  const asker = askers++;
  return (word) => {
    const known = word.known[asker] as T | undefined;
    if (known !== undefined) return known;
    const found = find(word.text);
    word.known[asker] = found;
    return found;
  };
}
