import { headerEnd } from '../../../lib/mime/read-header.ts';
import { always, test } from '../compile/program.ts';
import type { TestSpecification } from '../compile/specification.ts';
import { editedCopy } from '../letter/edited-copy.ts';
import type { Run } from '../run/run.ts';

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
    return test((run) => (tag === 'over' ? sizeOf(run) > limit : sizeOf(run) < limit));
  },
};

/** Of the letter as it is at this moment (RFC 5293 section 6): its header is written anew for it, the bytes behind that are not touched. */
function sizeOf(run: Run): number {
  const { letter, header } = run;
  if (header === letter.header) return letter.size;
  const before = letter.raw.subarray(0, headerEnd(letter.raw));
  const after = editedCopy({ raw: before, header: letter.header }, header).length;
  run.spend(after >> 3);
  return letter.size - before.length + after;
}
