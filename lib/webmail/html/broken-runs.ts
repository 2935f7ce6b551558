/**
 * Where a long text may be broken: in a word each thousand signs, more than any has, and behind a blank each four thousand, more than most
 * paragraphs have. Browsers take quadratic time to find the words of Thai or Khmer, and to lay out Devanagari, Chinese or narrow columns, that
 * go on for a hundred thousand. The pieces are put together by <wbr>, which is not copied along.
 */
export function brokenRuns(): { pieces: (text: string) => string[]; restart: () => void } {
  /** signs since the last blank, and since the last place that was broken */
  let word = 0;
  let piece = 0;
  const restart = (): void => {
    word = 0;
    piece = 0;
  };
  const pieces = (text: string): string[] => {
    if (piece + text.length <= longestWord) {
      word += text.length;
      piece += text.length;
      return [text];
    }
    const found: string[] = [];
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const blank = isBlank(text.charCodeAt(at));
      const joined = !blank && word > longestWord && isJoined(text, at, word > longestWord + mostJoined);
      if (!blank && !joined && (word > longestWord || (word === 0 && piece > longestPiece))) {
        found.push(text.slice(from, at));
        from = at;
        restart();
      }
      piece += 1;
      word = blank ? 0 : word + 1;
    }
    found.push(text.slice(from));
    return found;
  };
  return { pieces, restart };
}

const longestWord = 1000;
const longestPiece = 4000;
/** as many signs as may belong together */
const mostJoined = 100;

const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

/** Whether the sign there is drawn together with the one before: a mark, half of a sign, or what a joiner stands between, unless it joins too many. */
const isJoined = (text: string, at: number, tooMany: boolean): boolean =>
  isLowSurrogate(text.charCodeAt(at)) ||
  marks.test(String.fromCodePoint(text.codePointAt(at) ?? 0)) ||
  (!tooMany && joiners.test(text[at - 1] ?? ' '));
const marks = /[\p{M}\p{EMod}\u200d]/u;
/** joiner, and the signs that take a vowel away */
const joiners = /[\u200d\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2]/;
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
