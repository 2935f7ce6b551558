import type { LetterFeatures } from './letter-features.ts';
import type { Reason } from './reason.ts';

/** What was learnt, as the database keeps it: of the mailbox, and of all of its customer. */
export interface TokenCounts {
  /** how many letters were learnt: [is the customer's, spam, ham] */
  letters: (readonly [shared: boolean, spam: number, ham: number])[];
  tokens: (readonly [shared: boolean, token: number, spam: number, ham: number])[];
}

/** before so many letters of both kinds were learnt, nothing is said */
const leastSpam = 2;
const leastHam = 5;
const mostTelling = 60;
/** a word that says less either way is left out */
const leastDistance = 0.15;
const mostPoints = 4.5;
/** after so many lessons of both kinds, words may decide alone */
const enough = 20;
const decisive = 5.5;
/** what colleagues taught decides alone in no mailbox, not in a strict one either */
const mostOfColleagues = 3;
/** what reads like wanted letters may still be none */
const wantedShare = 0.45;
/** what the mailbox's own user decided weighs more than what colleagues did */
const ownWeight = 3;

/**
 * What was learnt says of a letter; null while that is too little. What all of its customer taught counts up to the points of colleagues, and beyond them
 * as far as what the mailbox itself taught says the same.
 */
export function bayesReason({ tokens }: Pick<LetterFeatures, 'tokens'>, learnt: TokenCounts): Reason | null {
  const own = lettersOf(learnt.letters, false);
  const all = lettersOf(learnt.letters, true);
  const hasTaught = Math.min(own.spam, own.ham) >= enough;
  // one colleague who sorts out thousands would outvote whoever has taught enough: all of them together count as many letters as his own
  const share = hasTaught ? Math.min(1, (own.spam + own.ham) / (all.spam + all.ham || 1)) : 1;
  const together = leaning(tokens, learnt, { own: ownWeight, all: share });
  // his own are among those of all
  const alone = own.spam >= leastSpam ? leaning(tokens, learnt, { own: ownWeight + 1, all: 0 }) : 0;
  const side = Math.sign(together);
  const agreed = Math.min(Math.abs(together), alone * side) * (hasTaught ? decisive : mostPoints);
  const points = side * Math.max(Math.abs(together) * mostOfColleagues, agreed);
  if (Math.abs(points) < 0.5) return null;
  return points > 0 ? { code: 'learnt-spam', points } : { code: 'learnt-ham', points: points * wantedShare };
}

/**
 * Robinson's combination of word probabilities with Fisher's method: from -1, like wanted letters, to 1, like unwanted ones; 0 while too little was learnt.
 * `weights`: how much a letter counts that the mailbox itself, or anybody of its customer, taught.
 */
function leaning(tokens: LetterFeatures['tokens'], learnt: TokenCounts, weights: { own: number; all: number }): number {
  const total = { spam: 0, ham: 0 };
  const known = new Map<number, { spam: number; ham: number }>();
  for (const [shared, spam, ham] of learnt.letters) add(total, spam, ham, shared ? weights.all : weights.own);
  if (total.spam < leastSpam || total.ham < leastHam) return 0;
  for (const [shared, token, spam, ham] of learnt.tokens) {
    const sum = known.get(token) ?? { spam: 0, ham: 0 };
    add(sum, spam, ham, shared ? weights.all : weights.own);
    known.set(token, sum);
  }
  const chances: number[] = [];
  for (const token of tokens) {
    const count = known.get(token);
    if (!count) continue;
    const spam = count.spam / total.spam;
    const ham = count.ham / total.ham;
    const seen = (count.spam + count.ham) / ownWeight;
    const chance = (0.5 * strength + (seen * spam) / (spam + ham || 1)) / (strength + seen);
    if (Math.abs(chance - 0.5) >= leastDistance) chances.push(chance);
  }
  if (chances.length < 3) return 0;
  chances.sort((one, other) => Math.abs(other - 0.5) - Math.abs(one - 0.5));
  const telling = chances.slice(0, mostTelling);
  const spam = 1 - chiSquare(-2 * telling.reduce((sum, chance) => sum + Math.log(1 - chance), 0), telling.length);
  const ham = 1 - chiSquare(-2 * telling.reduce((sum, chance) => sum + Math.log(chance), 0), telling.length);
  return spam - ham;
}

function add(sum: { spam: number; ham: number }, spam: number, ham: number, weight: number): void {
  sum.spam += spam * weight;
  sum.ham += ham * weight;
}

const lettersOf = (letters: TokenCounts['letters'], which: boolean): { spam: number; ham: number } => {
  const [, spam, ham] = letters.find(([shared]) => shared === which) ?? [which, 0, 0];
  return { spam, ham };
};

/** how many letters a word must be seen in to be believed by half */
const strength = 1;

/** The chance of a greater chi-square of twice so many degrees of freedom. */
function chiSquare(value: number, pairs: number): number {
  const half = value / 2;
  let term = Math.exp(-half);
  let sum = term;
  for (let index = 1; index < pairs; index++) {
    term *= half / index;
    sum += term;
  }
  return Math.min(1, sum);
}
