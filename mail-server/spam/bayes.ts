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

/** Robinson's combination of word probabilities with Fisher's method, from what was learnt; null while that is too little. */
export function bayesReason(features: Pick<LetterFeatures, 'tokens'>, { letters, tokens: counts }: TokenCounts): Reason | null {
  const own = lettersOf(letters, false);
  const colleagues = lettersOf(letters, true);
  const hasTaught = Math.min(own.spam, own.ham) >= enough;
  // one colleague who sorts out thousands would outvote whoever has taught enough: all of them together count as many letters as his own
  const share = hasTaught ? Math.min(1, (own.spam + own.ham) / (colleagues.spam + colleagues.ham || 1)) : 1;
  const weight = (shared: boolean): number => (shared ? share : ownWeight);
  const total = { spam: own.spam * ownWeight + colleagues.spam * share, ham: own.ham * ownWeight + colleagues.ham * share };
  if (total.spam < leastSpam || total.ham < leastHam) return null;
  const known = new Map<number, { spam: number; ham: number }>();
  for (const [shared, token, spam, ham] of counts) {
    const sum = known.get(token) ?? { spam: 0, ham: 0 };
    known.set(token, { spam: sum.spam + spam * weight(shared), ham: sum.ham + ham * weight(shared) });
  }
  const chances: number[] = [];
  for (const token of features.tokens) {
    const count = known.get(token);
    if (!count) continue;
    const spam = count.spam / total.spam;
    const ham = count.ham / total.ham;
    const seen = (count.spam + count.ham) / ownWeight;
    const chance = (0.5 * strength + (seen * spam) / (spam + ham || 1)) / (strength + seen);
    if (Math.abs(chance - 0.5) >= leastDistance) chances.push(chance);
  }
  if (chances.length < 3) return null;
  chances.sort((one, other) => Math.abs(other - 0.5) - Math.abs(one - 0.5));
  const telling = chances.slice(0, mostTelling);
  const spam = 1 - chiSquare(-2 * telling.reduce((sum, chance) => sum + Math.log(1 - chance), 0), telling.length);
  const ham = 1 - chiSquare(-2 * telling.reduce((sum, chance) => sum + Math.log(chance), 0), telling.length);
  const indicator = (1 + spam - ham) / 2;
  const most = hasTaught ? decisive : own.spam >= leastSpam ? mostPoints : mostOfColleagues;
  const points = (indicator - 0.5) * 2 * most;
  if (Math.abs(points) < 0.5) return null;
  return points > 0 ? { code: 'learnt-spam', points } : { code: 'learnt-ham', points: points * wantedShare };
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
