import { always, test } from '../compile/program.ts';
import type { TestSpecification } from '../compile/specification.ts';

/** RFC 5228 section 5.9. */
export const size: TestSpecification = {
  tags: { over: { group: 'limit' }, under: { group: 'limit' } },
  positional: ['number'],
  compile(call) {
    const limit = call.number(0);
    const tag = call.oneOf('over', 'under');
    if (tag === null) {
      call.fault('the size test needs :over or :under');
      return always(false);
    }
    return test(({ letter }) => (tag === 'over' ? letter.size > limit : letter.size < limit));
  },
};
