import { stripVTControlCharacters } from 'node:util';
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node';
import type { FileCount, Outcome } from '#lib/launcher/test/count.ts';

const MESSAGE_LINES = 12;
const DIFF_LINES = 30;

/** A reporter of vitest that tells the parent process, if there is one, by a message; see lib/launcher/test/run-vitest.ts. */
export default class TellResults implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandled: ReadonlyArray<SerializedError>): void {
    const beside = unhandled.map((error) => ({ test: 'beside the tests', error: inWords(error) }));
    const counts: FileCount[] = [
      ...modules.map(countOf),
      { file: null, passed: 0, failed: beside.length, skipped: 0, failures: beside, retried: [] },
    ];
    process.send?.(counts);
  }
}

function countOf(module: TestModule): FileCount {
  const tests = [...module.children.allTests()];
  const withState = (state: string) => tests.filter((test) => test.result().state === state);
  const failures = [...withState('failed').map(outcome), ...[module, ...module.children.allSuites()].flatMap(withErrors)];
  const passed = withState('passed');
  return {
    file: module.relativeModuleId,
    passed: passed.length,
    failed: failures.length,
    skipped: withState('skipped').length,
    failures,
    retried: passed.filter((test) => test.diagnostic()?.flaky).map(outcome),
  };
}

const outcome = (test: TestCase): Outcome => ({
  test: `${test.module.relativeModuleId} > ${test.fullName}`,
  error: [...new Set(test.result().errors?.map(inWords))].join('\n'),
});

/** Errors of a file or a describe itself: what could not be loaded, a hook that failed. */
const withErrors = (suite: TestModule | TestSuite): Outcome[] =>
  suite.errors().map((error) => ({
    test: suite.type === 'module' ? suite.relativeModuleId : `${suite.module.relativeModuleId} > ${suite.fullName}`,
    error: inWords(error),
  }));

/** What was said, what differs, and where in our own files. */
const inWords = ({ message, diff, stack }: { message: string; diff?: string; stack?: string }): string =>
  [
    ...message.split('\n').slice(0, MESSAGE_LINES),
    ...stripVTControlCharacters(diff ?? '')
      .split('\n')
      .slice(0, DIFF_LINES),
    ...(stack ?? '').split('\n').filter((line) => /^\s+at /.test(line) && !/node_modules|node:/.test(line)),
  ]
    .filter(Boolean)
    .join('\n');
