import { always, test } from '../compile/program.ts';
import type { TestSpecification } from '../compile/specification.ts';
import { compileMatching, MATCHING } from '../match/matching.ts';
import { compileHeaders, compileIndex, compilePiece, fieldsOf, INDEX, MIME, MIME_PIECES } from './mime-options.ts';

/** RFC 5228 section 5.7. */
export const header: TestSpecification = {
  tags: { ...MATCHING, ...INDEX, ...MIME, ...MIME_PIECES },
  positional: ['list', 'list'],
  compile(call) {
    const names = call.list(0);
    const matching = compileMatching(call, call.list(1));
    const headers = compileHeaders(call);
    const index = compileIndex(call);
    const piece = compilePiece(call);
    if (matching === null) return always(false);
    return test((run) => {
      const values = function* (): Generator<string> {
        for (const [one, field] of index(fieldsOf(run, headers(run), names.read(run)))) yield* piece(run, one, field);
      };
      return matching.check(run, values(), call.line);
    });
  },
};

/** RFC 5228 section 5.5: all of them are there. */
export const exists: TestSpecification = {
  tags: MIME,
  positional: ['list'],
  compile(call) {
    const names = call.list(0);
    const headers = compileHeaders(call);
    return test((run) => {
      const all = [...headers(run)];
      return names.read(run).every((name) => all.some((one) => one.all(name).length > 0));
    });
  },
};
