import { concepts, type Concept } from './concepts.ts';
import { type Pattern, patternOf, standAt } from './pattern.ts';
import { oncePerWord, type Word } from './word.ts';

interface Term {
  concept: Concept;
  rest: readonly Pattern[];
  /** as what it counts: words with one stem are one */
  as: string;
}

const whole = new Map<string, Term[]>();
/** by the first letters */
const stems = new Map<string, Term[]>();
const shortest = 3;

for (const [concept, terms] of Object.entries(concepts) as [Concept, string][]) {
  for (const written of terms.split(',')) {
    const [first = '', ...rest] = written.trim().split(' ');
    const as = first.replace('*', '');
    const term = { concept, rest: rest.map(patternOf), as };
    const [map, key] = !first.endsWith('*') || first.length <= shortest ? [whole, as] : [stems, as.slice(0, shortest)];
    map.set(key, [...(map.get(key) ?? []), term]);
  }
}

/** What may begin with a word; most words begin nothing. */
const termsFrom = oncePerWord((text): readonly Term[] | null => {
  const found = [...(whole.get(text) ?? []), ...(stems.get(text.slice(0, shortest)) ?? []).filter(({ as }) => text.startsWith(as))];
  return found.length === 0 ? null : found;
});

/** How many different words of each concept stand in a text. Linear time. */
export function matchConcepts(words: readonly Word[]): Map<Concept, number> {
  const found = new Map<Concept, Set<string>>();
  const note = (concept: Concept, word: string): void => {
    const known = found.get(concept);
    if (known) known.add(word);
    else found.set(concept, new Set([word]));
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    const terms = word && termsFrom(word);
    if (terms) for (const { concept, rest, as } of terms) if (standAt(rest, words, at + 1)) note(concept, as);
  }
  return new Map([...found].map(([concept, seen]) => [concept, seen.size]));
}
