import { int4Array } from './postgres/binary-client.ts';
import type { UidRanges } from './mail-store.ts';

/** Parses the text of an int4multirange: "{[1,5),[7,8)}" → [[1, 4], [7, 7]]. Null and "{}" give []. */
export function parseMultirange(text: string | null): UidRanges {
  if (text === null || text === '{}') return [];
  const ranges: [number, number][] = [];
  for (const match of text.matchAll(/\[(\d+),(\d+)\)/g)) ranges.push([Number(match[1]), Number(match[2]) - 1]);
  return ranges;
}

/** Folds ascending UIDs into ranges. */
export function foldUids(uids: Iterable<number>): UidRanges {
  const ranges: [number, number][] = [];
  let last: [number, number] | undefined;
  for (const uid of uids) {
    if (last && uid === last[1] + 1) last[1] = uid;
    else {
      last = [uid, uid];
      ranges.push(last);
    }
  }
  return ranges;
}

// int4 in the database; IMAP's UIDs go to 2^32-1, but no folder here ever gives out one beyond 2^31-1
const highest = 2_147_483_647;

/** The two int4[] parameters (lows, highs) of the store functions. */
export function rangeParameters(ranges: UidRanges): [Buffer, Buffer] {
  const possible = ranges.filter(([low]) => low <= highest);
  return [int4Array(possible.map(([low]) => low)), int4Array(possible.map(([, high]) => Math.min(high, highest)))];
}
