import { always, test, type TextList } from '../compile/program.ts';
import type { TestSpecification } from '../compile/specification.ts';
import { compileVariable } from '../compile/compile-text.ts';
import type { Variable } from '../compile/variable.ts';
import { splitFlagKeys, splitFlags } from '../letter/flags.ts';
import { compileMatching, MATCHING } from '../match/matching.ts';

/** RFC 5232 section 4. */
export const hasflag: TestSpecification = {
  extensions: ['imap4flags'],
  tags: MATCHING,
  positional: ['list', 'list'],
  optional: 'first',
  compile(call) {
    const named = call.positional.length === 2 ? call.list(0) : null;
    if (named !== null && !call.compiler.uses('variables')) call.fault('the hasflag test takes variables only with require "variables"');
    const variables: Variable[] = (named?.constant ?? []).flatMap(
      (name) => compileVariable(call.compiler, name, named?.line ?? call.line) ?? [],
    );
    const given = call.list(call.positional.length - 1);
    // numbers, patterns and what flags are held against are no flags, and may hold spaces
    const asGiven = ['count', 'value', 'matches', 'regex'].some((tag) => call.has(tag));
    const keys: TextList = asGiven
      ? given
      : {
          constant: given.constant === null ? null : splitFlagKeys(given.constant),
          line: given.line,
          lines: [],
          read: (run) => splitFlagKeys(given.read(run)),
        };
    const matching = compileMatching(call, keys);
    if (matching === null) return always(false);
    return test((run) => {
      // what stands in two variables counts twice
      const flags = variables.flatMap((variable) => splitFlags([run.scope(variable).get(variable.name) ?? '']));
      return matching.check(run, named === null ? run.flags : flags, call.line);
    });
  },
};
