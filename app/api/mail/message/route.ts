import { messageRequest, parseQuery } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { readMessage } from '#lib/webmail/reading/read-message.ts';

export const GET = mailRoute(({ mailbox, query }) => {
  const { whole, answeredFolder, answeredUid, ...reference } = parseQuery(messageRequest, query);
  const answered = answeredFolder !== undefined && answeredUid !== undefined ? { folder: answeredFolder, uid: answeredUid } : null;
  return readMessage(mailbox, { ...reference, whole: whole === '1', answered });
});
