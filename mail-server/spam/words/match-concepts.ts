import { concepts, type Concept } from './concepts.ts';

interface Term {
  concept: Concept;
  rest: readonly string[];
}

const whole = new Map<string, Term[]>();
/** by the first letters */
const stems = new Map<string, { stem: string; term: Term }[]>();
const shortest = 3;

for (const [concept, terms] of Object.entries(concepts) as [Concept, string][]) {
  for (const written of terms.split(',')) {
    const [first = '', ...rest] = written.trim().split(' ');
    const term = { concept, rest };
    if (!first.endsWith('*') || first.length <= shortest) {
      whole.set(first.replace('*', ''), [...(whole.get(first.replace('*', '')) ?? []), term]);
      continue;
    }
    const stem = first.slice(0, -1);
    stems.set(stem.slice(0, shortest), [...(stems.get(stem.slice(0, shortest)) ?? []), { stem, term }]);
  }
}

const follows = (words: readonly string[], at: number, rest: readonly string[]): boolean =>
  rest.every((pattern, offset) => {
    const word = words[at + 1 + offset];
    return word !== undefined && (pattern.endsWith('*') ? word.startsWith(pattern.slice(0, -1)) : word === pattern);
  });

/** How many different words of each concept stand in a text. Linear time. */
export function matchConcepts(words: readonly string[]): Map<Concept, number> {
  const found = new Map<Concept, Set<string>>();
  const note = (concept: Concept, word: string): void => {
    const known = found.get(concept);
    if (known) known.add(word);
    else found.set(concept, new Set([word]));
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    for (const { concept, rest } of whole.get(word) ?? []) if (follows(words, at, rest)) note(concept, word);
    for (const { stem, term } of stems.get(word.slice(0, shortest)) ?? [])
      if (word.startsWith(stem) && follows(words, at, term.rest)) note(term.concept, stem);
  }
  return new Map([...found].map(([concept, seen]) => [concept, seen.size]));
}
