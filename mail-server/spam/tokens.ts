import { oncePerWord, type Word } from './words/word.ts';

/** More words than that make a letter no clearer. */
const mostTokens = 400;

/** A word as the number that is kept of it: nobody can read it back, and it is small. 53 bits, so that numbers hold it. */
function hashToken(token: string): number {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let at = 0; at < token.length; at++) {
    const code = token.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995);
    high ^= high >>> 15;
  }
  // 0 is the row that counts letters
  return (high >>> 0) * 0x200000 + ((low >>> 0) & 0x1fffff) || 1;
}

const isTelling = (word: string): boolean => word.length >= 3 && word.length <= 24 && !/^\d+$/.test(word);

/** 0: tells nothing. */
const tokenOf = oncePerWord((text) => (isTelling(text) ? hashToken(text) : 0));

/** What Bayes looks at: each word once, those of the subject apart, and where the letter comes from and leads to. */
export function tokensOf(words: readonly Word[], heading: number, fromDomain: string, linkDomains: readonly string[]): number[] {
  const tokens = new Set<number>();
  if (fromDomain !== '') tokens.add(hashToken(`f:${fromDomain}`));
  for (const domain of linkDomains.slice(0, 20)) tokens.add(hashToken(`l:${domain}`));
  for (let at = 0; at < words.length && tokens.size < mostTokens; at++) {
    const word = words[at];
    const token = word ? tokenOf(word) : 0;
    if (token !== 0) tokens.add(at < heading ? hashToken(`s:${word?.text}`) : token);
  }
  return [...tokens];
}
