import type { CommandSpecification } from '../compile/specification.ts';

const rejecting = (extension: string, inProtocol: boolean): CommandSpecification => ({
  extensions: [extension],
  positional: ['string'],
  compile(call) {
    const reason = call.text(0);
    return (run) => {
      run.act({ kind: 'reject', inProtocol, reason: reason.read(run) }, call.line);
      return undefined;
    };
  },
});

/** RFC 5429 sections 2.1 and 2.2. */
export const ereject = rejecting('ereject', true);
export const reject = rejecting('reject', false);
