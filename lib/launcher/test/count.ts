/** Checks and tests of one part of `npm test`. */
export interface Count {
  passed: number;
  failed: number;
  skipped: number;
  /** Each that failed, by name. */
  failures: Outcome[];
  /** Each that failed at first and then passed: counted as passed, and named, so that nobody overlooks it. */
  retried: Outcome[];
}

/** Of one file of tests; null: what failed beside all of them. */
export interface FileCount extends Count {
  file: string | null;
}

export interface Outcome {
  /** File, then describe and test, as `file > describe > test`. */
  test: string;
  /** Why it failed, in some lines. */
  error: string;
}

export const sum = (counts: readonly Count[]): Count => ({
  passed: counts.reduce((total, count) => total + count.passed, 0),
  failed: counts.reduce((total, count) => total + count.failed, 0),
  skipped: counts.reduce((total, count) => total + count.skipped, 0),
  failures: counts.flatMap((count) => count.failures),
  retried: counts.flatMap((count) => count.retried),
});

/** More files than these fail by a fault and not by the moment: to run them again would only take time. */
const mostAgain = 3;

/** The files that failed, where nothing failed beside them. */
export function filesToRunAgain(counts: readonly FileCount[]): string[] {
  const failed = counts.filter(({ failures }) => failures.length > 0);
  const files = failed.flatMap(({ file }) => file ?? []);
  return files.length === failed.length && files.length <= mostAgain ? files : [];
}

/** Of files that came again the second run counts; what failed in the first alone is named. */
export function sumWithAgain(first: readonly FileCount[], again: readonly FileCount[]): Count {
  const came = new Set(again.map(({ file }) => file));
  const count = sum([...first.filter(({ file, failures }) => failures.length === 0 || !came.has(file)), ...again]);
  const failed = new Set(count.failures.map(({ test }) => test));
  const recovered = first.flatMap(({ failures }) => failures).filter(({ test }) => !failed.has(test));
  return { ...count, retried: [...count.retried, ...recovered] };
}

/** Stands before the closing line, so that who sees only the end of a long log sees what failed. Empty if all passed at once. */
export const whatDidNotPass = ({ failures, retried }: Count): string =>
  [list('Failed at first, then passed', retried), list('Failed', failures)].join('');

const list = (title: string, outcomes: Outcome[]): string =>
  outcomes.length === 0 ? '' : `\n${title}:\n${outcomes.map(({ test, error }) => `- ${test}\n${error.replace(/^/gm, '    ')}\n`).join('')}`;

/** The closing line of `npm test`, which programs read. */
export const closingLine = ({ passed, failed, skipped }: Count): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
