import type { CopyResponseObject } from 'imapflow';

/** UIDs as a sequence set (RFC 9051 section 9), runs as ranges: "1:500,502" instead of five hundred numbers. */
export function uidSet(uids: Iterable<number>): string {
  const ranges: [number, number][] = [];
  for (const uid of [...new Set(uids)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last[1] === uid - 1) last[1] = uid;
    else ranges.push([uid, uid]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}:${last}`)).join(',');
}

/** Where letters are now that were moved or copied, by where they were (COPYUID, RFC 4315). */
export const newUids = (answer: CopyResponseObject | false): ReadonlyMap<number, number> =>
  (answer === false ? undefined : answer.uidMap) ?? new Map<number, number>();
