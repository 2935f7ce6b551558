import { messageRequest, parseQuery } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { readMessage } from '#lib/webmail/read-message.ts';

export const GET = mailRoute(({ mailbox, query }) => {
  const { images, ...reference } = parseQuery(messageRequest, query);
  return readMessage(mailbox, reference, images);
});
