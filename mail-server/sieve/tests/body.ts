import { always, test } from '../compile/program.ts';
import type { TestSpecification } from '../compile/specification.ts';
import { bodyTexts, rawBody } from '../letter/body-texts.ts';
import { compileMatching, MATCHING } from '../match/matching.ts';

/** RFC 5173. Match values are not set by it (section 6). */
export const body: TestSpecification = {
  extensions: ['body'],
  tags: {
    ...MATCHING,
    raw: { group: 'body transform' },
    text: { group: 'body transform' },
    content: { group: 'body transform', argument: 'list' },
  },
  positional: ['list'],
  compile(call) {
    const keys = call.list(0);
    const matching = compileMatching(call, keys);
    const content = call.tagList('content');
    const raw = call.has('raw');
    if (matching === null) return always(false);
    return test((run) =>
      run.withoutMatchValues(() => {
        if (raw) {
          const text = rawBody(run.letter);
          // a body that is not there has no value, not an empty one
          return matching.check(run, text === '' ? [] : [text], call.line);
        }
        const types = content?.read(run) ?? ['text'];
        return matching.check(run, bodyTexts(run.letter, types, content === null), call.line);
      }),
    );
  },
};
