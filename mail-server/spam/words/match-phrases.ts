import type { ReasonCode } from '../reason.ts';
import { matches, type Pattern, patternOf, standAt } from './pattern.ts';
import { wordLists } from './phrases.ts';
import { oncePerWord, type Word } from './word.ts';

interface Phrase {
  words: readonly Pattern[];
  code: ReasonCode;
  weight: number;
}

/** by the first word, or by the first letters of a word that is cut with "*" */
const whole = new Map<string, Phrase[]>();
const cut = new Map<string, Phrase[]>();
const shortestStem = 3;
const most = new Map<ReasonCode, number>();

for (const { code, most: limit, phrases } of wordLists) {
  most.set(code, limit);
  for (const written of phrases.split(',')) {
    const colon = written.lastIndexOf(':');
    const words = written.slice(0, colon).trim().split(' ').map(patternOf);
    const { text, isCut } = words[0] ?? patternOf('');
    const phrase = { words, code, weight: Number(written.slice(colon + 1)) };
    const [map, key] = isCut ? ([cut, text.slice(0, shortestStem)] as const) : ([whole, text] as const);
    map.set(key, [...(map.get(key) ?? []), phrase]);
  }
}

/** "there are no guaranteed returns" warns of what others promise */
const denials = new Set(['no', 'not', 'never', 'kein', 'keine', 'keinen', 'keiner', 'nie', 'niemals', 'nicht']);
const usualWords = 250;

export interface Content {
  code: ReasonCode;
  points: number;
  /** the phrase that weighs most */
  data: string;
}

/** What may begin with a word; most words begin nothing. */
const phrasesFrom = oncePerWord((text): readonly Phrase[] | null => {
  const found = [...(whole.get(text) ?? []), ...(cut.get(text.slice(0, shortestStem)) ?? [])].filter(
    ({ words: [first] }) => first && matches(first, text),
  );
  return found.length === 0 ? null : found;
});

/** Points by list, each phrase once; `heading`: so many words at the beginning (the subject) count half as much again. Linear time. */
export function matchPhrases(words: readonly Word[], heading: number): Content[] {
  const found = new Map<ReasonCode, { sum: number; best: Phrase }>();
  const seen = new Set<Phrase>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    const beginning = word && phrasesFrom(word);
    if (!beginning) continue;
    for (const phrase of beginning) {
      if (seen.has(phrase) || !standAt(phrase.words, words, at)) continue;
      if (denials.has(words[at - 1]?.text ?? '') || denials.has(words[at - 2]?.text ?? '')) continue;
      seen.add(phrase);
      const weight = at < heading ? phrase.weight * 1.5 : phrase.weight;
      const sum = found.get(phrase.code);
      if (!sum) found.set(phrase.code, { sum: weight, best: phrase });
      else found.set(phrase.code, { sum: sum.sum + weight, best: phrase.weight > sum.best.weight ? phrase : sum.best });
    }
  }
  // in a long text something of everything is found
  const density = words.length <= usualWords ? 1 : Math.max(0.4, Math.sqrt(usualWords / words.length));
  return [...found].map(([code, { sum, best }]) => ({
    code,
    points: Math.min(sum * density, most.get(code) ?? sum),
    data: best.words.map(({ text }) => text).join(' '),
  }));
}
