import { readFileSync } from 'node:fs';
import { isAnybodys } from '../../../lib/addresses/anybodys.ts';
import type { Reason } from '../reason.ts';
import { type Seen, signReader } from './signs.ts';

/** "sign TAB weight" a line, "" the bias; made by tests/support/spam-corpus/train.ts. */
function readWeights(): Map<string, number> {
  const lines = readFileSync(new URL('weights.tsv', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  return new Map(
    lines.map((line) => {
      const [sign = '', weight = ''] = line.split('\t');
      return [sign, Number(weight)];
    }),
  );
}

const weights = readWeights();
/** the stems that a weight is known for beside each stem */
const besides = new Map<string, Set<string>>();
for (const sign of weights.keys()) {
  const [stem = '', next] = sign.split(' ');
  if (next !== undefined) besides.set(stem, (besides.get(stem) ?? new Set()).add(next));
}
const signsOf = signReader({
  sign: (sign) => weights.has(sign),
  pair: (stem, next) => besides.get(stem)?.has(next) === true,
});
const bias = weights.get('') ?? 0;

/** What is nearer to wanted letters than that says nothing: one wanted letter in Junk is worse than a hundred others in the inbox. */
const doubt = 0.6;
const steepness = 6;
/** it is a guess, and never enough alone: something else must speak against the letter too (docs/decisions/070) */
const mostPoints = 4.5;
/** who leads nowhere and writes from a domain of his own waits for an answer, as people do: something of weight */
const mostOfPeople = 4;
const leastPoints = 0.5;

/**
 * Whether a letter, as a whole, is like the unwanted ones that the weights were learnt from. What was learnt is how they look together: who writes,
 * what is asked, where it leads; none of it alone. It never speaks for a letter, since whoever writes it chooses its words.
 */
export function judgeLikeness(seen: Seen): Reason[] {
  const isLikePeople = seen.linkDomains.length === 0 && seen.pictures === 0 && !isAnybodys(seen.fromDomain);
  const points = Math.min(isLikePeople ? mostOfPeople : mostPoints, steepness * (likenessOf(signsOf(seen)) - doubt));
  return points < leastPoints ? [] : [{ code: 'reads-like-spam', points }];
}

/** of fewer, each would decide */
export const leastSigns = 20;

/** a letter in a language of which nothing was learnt, or without words */
const leastKnown = 12;

/** The exponent of a logistic regression; signs of which nothing is known do not count. */
function likenessOf(signs: ReadonlySet<string>): number {
  let sum = 0;
  let known = 0;
  for (const sign of signs) {
    const weight = weights.get(sign);
    if (weight === undefined) continue;
    sum += weight;
    known++;
  }
  if (known < leastKnown) return Number.NEGATIVE_INFINITY;
  return bias + sum / Math.sqrt(Math.max(known, leastSigns) + 1);
}
