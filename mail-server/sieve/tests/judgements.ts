import { always, test } from '../compile/program.ts';
import type { TestSpecification } from '../compile/specification.ts';
import { compileMatching, MATCHING } from '../match/matching.ts';

/** RFC 5235 section 3.2: 0 untested, 1 to 10; with :percent 0 to 100. */
export const spamtest: TestSpecification = {
  extensions: ['spamtest', 'spamtestplus'],
  tags: { ...MATCHING, percent: { extension: 'spamtestplus' } },
  positional: ['string'],
  compile(call) {
    const percent = call.has('percent');
    const matching = compileMatching(call, call.list(0));
    if (matching === null) return always(false);
    return test((run) => {
      const { spamPercent } = run.environment;
      const value = spamPercent === null ? 0 : percent ? Math.floor(spamPercent) : Math.min(10, Math.floor(1 + (9 * spamPercent) / 100));
      return matching.check(run, [String(value)], call.line);
    });
  },
};

/** RFC 5235 section 3.3. */
export const virustest: TestSpecification = {
  extensions: ['virustest'],
  tags: MATCHING,
  positional: ['string'],
  compile(call) {
    const matching = compileMatching(call, call.list(0));
    if (matching === null) return always(false);
    return test((run) => matching.check(run, [String(run.environment.virus)], call.line));
  },
};

/** RFC 5183. */
export const environment: TestSpecification = {
  extensions: ['environment'],
  tags: MATCHING,
  positional: ['string', 'list'],
  compile(call) {
    const name = call.text(0);
    const matching = compileMatching(call, call.list(1));
    if (matching === null) return always(false);
    return test((run) => {
      const item = name.read(run).toLowerCase();
      const { items } = run.environment;
      const value = Object.hasOwn(items, item) ? items[item] : undefined;
      // what is not known here is no value that could be counted (section 4)
      return value !== undefined && matching.check(run, [value], call.line);
    });
  },
};
