/** sequence-set of numbers in the order given, runs that go up by one joined: 1,2,3,5 → "1:3,5" (COPYUID: source[i] became target[i]). */
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

export const formatRanges = (ranges: Iterable<readonly [number, number]>): string =>
  Array.from(ranges, ([low, high]) => (low === high ? String(low) : `${low}:${high}`)).join(',');
