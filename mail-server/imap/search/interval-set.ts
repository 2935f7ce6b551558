export type Interval = readonly [from: number, to: number];

/** Half-open intervals [from, to) on a line, ascending and apart: thousands of SINCE, LARGER, MODSEQ are one of these. */
export class IntervalSet {
  readonly #intervals: readonly Interval[];

  private constructor(intervals: readonly Interval[]) {
    this.#intervals = intervals;
  }

  static union(given: readonly Interval[]): IntervalSet {
    const joined: Array<[number, number]> = [];
    for (const [from, to] of [...given].sort((a, b) => a[0] - b[0])) {
      const last = joined.at(-1);
      if (from >= to) continue;
      if (last && from <= last[1]) last[1] = Math.max(last[1], to);
      else joined.push([from, to]);
    }
    return new IntervalSet(joined);
  }

  static intersection(given: readonly Interval[]): IntervalSet {
    const from = given.reduce((highest, [low]) => Math.max(highest, low), Number.NEGATIVE_INFINITY);
    const to = given.reduce((lowest, [, high]) => Math.min(lowest, high), Number.POSITIVE_INFINITY);
    return IntervalSet.union([[from, to]]);
  }

  has(value: number): boolean {
    const interval = this.#intervals[this.#indexOf(value)];
    return interval !== undefined && interval[0] <= value;
  }

  /** Whether an end of an interval lies within `distance` of the value. */
  hasEndNear(value: number, distance: number): boolean {
    for (let at = this.#indexOf(value - distance); at < this.#intervals.length; at++) {
      const [from, to] = this.#intervals[at] ?? [0, 0];
      if (from > value + distance) return false;
      if (Math.abs(from - value) <= distance || Math.abs(to - value) <= distance) return true;
    }
    return false;
  }

  /** The first interval that ends behind the value. */
  #indexOf(value: number): number {
    let low = 0;
    let high = this.#intervals.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#intervals[middle]?.[1] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
