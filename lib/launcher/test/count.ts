/** Checks and tests of one part of `npm test`. */
export interface Count {
  passed: number;
  failed: number;
  skipped: number;
  /** Each that failed, by name. */
  failures: Outcome[];
  /** Each that failed once and then passed: counted as passed, and named, so that nobody overlooks it. */
  retried: Outcome[];
}

export interface Outcome {
  /** File, then describe and test, as `file > describe > test`. */
  test: string;
  /** Why it failed, in some lines. */
  error: string;
}

export const sum = (counts: Count[]): Count => ({
  passed: counts.reduce((total, count) => total + count.passed, 0),
  failed: counts.reduce((total, count) => total + count.failed, 0),
  skipped: counts.reduce((total, count) => total + count.skipped, 0),
  failures: counts.flatMap((count) => count.failures),
  retried: counts.flatMap((count) => count.retried),
});

/** Stands before the closing line, so that who sees only the end of a long log sees what failed. Empty if all passed at once. */
export const whatDidNotPass = ({ failures, retried }: Count): string =>
  [list('Failed once, then passed', retried), list('Failed', failures)].join('');

const list = (title: string, outcomes: Outcome[]): string =>
  outcomes.length === 0 ? '' : `\n${title}:\n${outcomes.map(({ test, error }) => `- ${test}\n${error.replace(/^/gm, '    ')}\n`).join('')}`;

/** The closing line of `npm test`, which programs read. */
export const closingLine = ({ passed, failed, skipped }: Count): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
