import { ok } from '../reply.ts';
import { inMaildrop } from '../in-maildrop.ts';

/** RFC 1939 section 5. */
export const stat = inMaildrop(async ({ connection }, maildrop) => {
  const { count, octets } = maildrop.total;
  return connection.write(ok(`${count} ${octets}`));
});
