const runLength = 8_192;

/**
 * Sorts like Array.sort (stable), but lets others in between: runs of some thousand by the engine, then merged. `pace` is asked after each run's
 * worth of work.
 */
export async function sortInTurns<T>(items: readonly T[], compare: (a: T, b: T) => number, pace: () => Promise<void> | null): Promise<T[]> {
  let from: T[] = [];
  for (let at = 0; at < items.length; at += runLength) {
    await pace();
    from.push(...items.slice(at, at + runLength).sort(compare));
  }
  for (let width = runLength; width < items.length; width *= 2) {
    const to: T[] = [];
    for (let start = 0; start < from.length; start += width * 2) await merge(from, to, { start, width }, compare, pace);
    from = to;
  }
  return from;
}

async function merge<T>(
  from: readonly T[],
  to: T[],
  { start, width }: { start: number; width: number },
  compare: (a: T, b: T) => number,
  pace: () => Promise<void> | null,
): Promise<void> {
  const middle = Math.min(start + width, from.length);
  const end = Math.min(start + 2 * width, from.length);
  let left = start;
  let right = middle;
  for (let done = 0; left < middle || right < end; done++) {
    if (done % runLength === 0) await pace();
    const a = from[left] as T;
    const b = from[right] as T;
    if (right >= end || (left < middle && compare(a, b) <= 0)) {
      to.push(a);
      left++;
    } else {
      to.push(b);
      right++;
    }
  }
}
