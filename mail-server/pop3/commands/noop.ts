import { inMaildrop } from '../in-maildrop.ts';
import { ok } from '../reply.ts';

/** RFC 1939 section 5. */
export const noop = inMaildrop(({ connection }) => connection.write(ok()));
