import { always, test } from '../compile/program.ts';
import type { TestSpecification } from '../compile/specification.ts';
import { parseMailtoUri } from '../letter/mailto-uri.ts';
import { compileMatching, MATCHING } from '../match/matching.ts';

/** RFC 5435 section 4. */
export const validNotifyMethod: TestSpecification = {
  extensions: ['enotify'],
  positional: ['list'],
  compile(call) {
    const uris = call.list(0);
    return test((run) => uris.read(run).every((uri) => !('sentence' in parseMailtoUri(uri))));
  },
};

/** RFC 5435 section 5. A mailbox cannot tell whether its owner is there. */
export const notifyMethodCapability: TestSpecification = {
  extensions: ['enotify'],
  tags: MATCHING,
  positional: ['string', 'string', 'list'],
  compile(call) {
    const uri = call.text(0);
    const capability = call.text(1);
    const matching = compileMatching(call, call.list(2));
    if (matching === null) return always(false);
    return test((run) => {
      const known = !('sentence' in parseMailtoUri(uri.read(run))) && capability.read(run).toLowerCase() === 'online';
      return known && matching.check(run, ['maybe'], call.line);
    });
  },
};
