import { always, test } from '../compile/program.ts';
import type { TestSpecification } from '../compile/specification.ts';
import { compileMatching, MATCHING } from '../match/matching.ts';

/** RFC 5229 section 5. Empty strings do not count. */
export const string: TestSpecification = {
  extensions: ['variables'],
  tags: MATCHING,
  positional: ['list', 'list'],
  compile(call) {
    const source = call.list(0);
    const matching = compileMatching(call, call.list(1));
    if (matching === null) return always(false);
    return test((run) => {
      const values = source.read(run);
      return matching.check(run, matching.type === 'count' ? values.filter((value) => value !== '') : values, call.line);
    });
  },
};
