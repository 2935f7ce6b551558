import { inMaildrop } from '../in-maildrop.ts';
import { ok } from '../reply.ts';

/** RFC 1939 section 5. */
export const rset = inMaildrop(async ({ connection }, maildrop) => {
  maildrop.unmarkAll();
  const { count, octets } = maildrop.total;
  return connection.write(ok(`${count} messages (${octets} octets)`));
});
