import { conversationRequest, parseQuery } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { readConversation } from '#lib/webmail/reading/read-conversation.ts';

export const GET = mailRoute(({ mailbox, query }) => {
  const { folder, uid, images, heads } = parseQuery(conversationRequest, query);
  return readConversation(mailbox, { folder, uid, images, heads });
});
