import { lookAt } from '#mail-server/spam/extract-features.ts';
import { leastSigns } from '#mail-server/spam/likeness/judge-likeness.ts';
import { signReader } from '#mail-server/spam/likeness/signs.ts';
import type { Family } from './family.ts';
import { freshHam, freshSpam } from './fresh-families.ts';
import { hamFamilies } from './ham-families.ts';
import { newerHam } from './newer-ham.ts';
import { newerSpam } from './newer-spam.ts';
import { readLetters } from './read-letters.ts';
import { spamFamilies } from './spam-families.ts';
import { variedHam } from './varied-ham.ts';
import { variedSpam } from './varied-spam.ts';
import { isHeldOut, type WrittenLetter, writeLetters } from './write-letter.ts';

export interface Example {
  signs: ReadonlySet<string>;
  unwanted: boolean;
  /** letters of one family are one witness */
  family: string;
}

const rounds = 20;
const rate = 0.3;
const decay = 1e-4;
/** that a wanted letter is taken for unwanted weighs more */
const wantedWeight = 2;
/** no sign alone decides: a letter has dozens */
const mostWeight = 5;
/** people link to what others made, more often than whoever writes letters for a test: where it leads tells less than what is said */
const mostOfPlace = 2.5;
const leastFamilies = 2;
const leastTold = 0.1;

const signsOf = signReader();
const example = ({ raw, family }: WrittenLetter, unwanted: boolean): Example => ({ signs: signsOf(lookAt(raw).seen), unwanted, family });

const written = (families: readonly Family[], seed: number, unwanted: boolean): Example[] =>
  families.flatMap((family, index) =>
    writeLetters(family, 2, index + seed).map((letter) => ({ ...example(letter, unwanted), family: `${unwanted} ${family.name}` })),
  );

const read = (name: string, unwanted: boolean, halves: readonly (0 | 1)[]): Example[] =>
  readLetters(name)
    .filter(({ half }) => halves.includes(half))
    .map((letter, index) => ({ ...example(letter, unwanted), family: `${name} ${index}` }));

/** All letters but those that tell how the filter does with what is new: a third of the first families, the unseen, today's, and second halves. */
export function examples(): Example[] {
  const first = (families: readonly Family[]): Family[] => families.filter((_, index) => !isHeldOut(index));
  return [
    ...written(first(spamFamilies), 1, true),
    ...written(first(hamFamilies), 101, false),
    ...written(freshSpam, 900, true),
    ...written(freshHam, 900, false),
    ...written(variedSpam, 4000, true),
    ...written(newerSpam, 4500, true),
    ...written(variedHam, 4000, false),
    ...written(newerHam, 4500, false),
    ...read('more-spam', true, [0, 1]),
    ...read('more-ham', false, [0, 1]),
    ...read('spam', true, [0]),
    ...read('ham', false, [0]),
  ];
}

/** Logistic regression by Adagrad, the same each time. */
export function learn(letters: readonly Example[]): Map<string, number> {
  const numbers = numberSigns(letters);
  const rows = letters.map(({ signs }) => [...signs].flatMap((sign) => numbers.get(sign) ?? []));
  const weights = new Float64Array(numbers.size);
  const bounds = Float64Array.from(numbers.keys(), (sign) => (sign.startsWith('leads:') ? mostOfPlace : mostWeight));
  const moved = new Float64Array(numbers.size).fill(1e-6);
  let bias = 0;
  let biasMoved = 1e-6;
  const random = generator(7);
  const order = letters.map((_, index) => index);
  for (let round = 0; round < rounds; round++) {
    shuffle(order, random);
    for (const index of order) {
      const row = rows[index] ?? [];
      const unwanted = letters[index]?.unwanted === true;
      const share = 1 / Math.sqrt(Math.max(row.length, leastSigns) + 1);
      const sum = row.reduce((total, sign) => total + (weights[sign] ?? 0) * share, bias);
      const error = (1 / (1 + Math.exp(-sum)) - (unwanted ? 1 : 0)) * (unwanted ? 1 : wantedWeight);
      for (const sign of row) {
        const weight = weights[sign] ?? 0;
        const slope = error * share + decay * weight;
        const all = (moved[sign] ?? 0) + slope * slope;
        moved[sign] = all;
        const bound = bounds[sign] ?? 0;
        weights[sign] = Math.max(-bound, Math.min(bound, weight - (rate * slope) / Math.sqrt(all)));
      }
      biasMoved += error * error;
      bias -= (0.1 * error) / Math.sqrt(biasMoved);
    }
  }
  return new Map([['', bias], ...[...numbers].map(([sign, number]) => [sign, weights[number] ?? 0] as const)]);
}

/** Those that stand in letters of more than one family, in the order of the alphabet. */
function numberSigns(letters: readonly Example[]): Map<string, number> {
  const families = new Map<string, Set<string>>();
  for (const { signs, family } of letters) {
    for (const sign of signs) {
      const known = families.get(sign);
      if (known) known.add(family);
      else families.set(sign, new Set([family]));
    }
  }
  const told = [...families].filter(([, names]) => names.size >= leastFamilies).map(([sign]) => sign);
  return new Map(told.sort().map((sign, index) => [sign, index]));
}

/** The file of weights, as text. */
export function weigh(): string {
  const lines = [...learn(examples())].filter(([sign, weight]) => sign === '' || Math.abs(weight) >= leastTold);
  return lines.map(([sign, weight]) => `${sign}\t${weight.toFixed(2)}\n`).join('');
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

function shuffle(order: number[], random: () => number): void {
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
}
