import type { Reader } from '../context.ts';

/** Indexes of messages, ascending. */
export type Indexes = readonly number[];

const itemsBetweenPaces = 8_192;

/** `reader`: whose turn it is. */
export async function filterInTurns(
  reader: Pick<Reader, 'pace'>,
  candidates: Indexes,
  keep: (index: number) => boolean,
): Promise<number[]> {
  const kept: number[] = [];
  for (let at = 0; at < candidates.length; at++) {
    if (at % itemsBetweenPaces === 0) await reader.pace();
    const index = candidates[at] ?? 0;
    if (keep(index)) kept.push(index);
  }
  return kept;
}

/** What of `all` is not in `some`. */
export function without(all: Indexes, some: Indexes): number[] {
  const rest: number[] = [];
  let at = 0;
  for (const index of all) {
    while (at < some.length && (some[at] ?? 0) < index) at++;
    if (some[at] !== index) rest.push(index);
  }
  return rest;
}

/** What lies in ranges of indexes that ascend. */
export function within(candidates: Indexes, ranges: ReadonlyArray<readonly [from: number, to: number]>): number[] {
  const found: number[] = [];
  let at = 0;
  for (const [from, to] of ranges) {
    at = firstFrom(candidates, from, at);
    for (; at < candidates.length && (candidates[at] ?? 0) <= to; at++) found.push(candidates[at] ?? 0);
  }
  return found;
}

/** The first place, from `start` on, of an index that is `wanted` or higher. */
function firstFrom(candidates: Indexes, wanted: number, start: number): number {
  let low = start;
  let high = candidates.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((candidates[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
