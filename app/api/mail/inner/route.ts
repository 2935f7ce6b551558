import { innerRequest, parseQuery } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { readInnerLetter } from '#lib/webmail/view/read-inner-letter.ts';

/** A letter that came as an attachment, to be shown in place. */
export const GET = mailRoute(({ mailbox, query }) => {
  const { part, images, whole, ...reference } = parseQuery(innerRequest, query);
  return readInnerLetter(mailbox, reference, part, { images, whole: whole === '1' });
});
