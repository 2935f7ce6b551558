/** sequence-set of ascending numbers: 1,2,3,5 → "1:3,5". */
export function formatNumbers(numbers: Iterable<number>): string {
  const pieces: string[] = [];
  let low = 0;
  let high = -1;
  for (const number of numbers) {
    if (number === high + 1 && low > 0) {
      high = number;
      continue;
    }
    if (low > 0) pieces.push(low === high ? String(low) : `${low}:${high}`);
    low = number;
    high = number;
  }
  if (low > 0) pieces.push(low === high ? String(low) : `${low}:${high}`);
  return pieces.join(',');
}

/** sequence-set in the order given (COPYUID: source[i] became target[i]); runs that go up by one are joined. */
export const formatRuns = formatNumbers;

export const formatRanges = (ranges: Iterable<readonly [number, number]>): string =>
  Array.from(ranges, ([low, high]) => (low === high ? String(low) : `${low}:${high}`)).join(',');
