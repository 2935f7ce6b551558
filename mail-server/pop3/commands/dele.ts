import { onMessage } from '../in-maildrop.ts';
import { ok } from '../reply.ts';

/** RFC 1939 section 5: only marks; QUIT deletes. */
export const dele = onMessage(1, async ({ connection }, maildrop, { number }) => {
  maildrop.markDeleted(number);
  return connection.write(ok(`Message ${number} marked`));
});
