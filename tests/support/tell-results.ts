import { stripVTControlCharacters } from 'node:util';
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node';
import type { Count, Outcome } from '#lib/launcher/test/count.ts';

const MESSAGE_LINES = 12;
const DIFF_LINES = 30;

/** A reporter of vitest that tells the parent process, if there is one, by a message; see lib/launcher/test/run-vitest.ts. */
export default class TellResults implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandled: ReadonlyArray<SerializedError>): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const withState = (state: string) => tests.filter((test) => test.result().state === state);
    const failures = [
      ...withState('failed').map(outcome),
      ...modules.flatMap((module) => [module, ...module.children.allSuites()].flatMap(withErrors)),
      ...unhandled.map((error) => ({ test: 'beside the tests', error: inWords(error) })),
    ];
    const retried = withState('passed').filter((test) => test.diagnostic()?.flaky);
    const results: Count = {
      passed: withState('passed').length,
      failed: failures.length,
      skipped: withState('skipped').length,
      failures,
      retried: retried.map(outcome),
    };
    process.send?.(results);
  }
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
