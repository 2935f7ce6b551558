import { listConversations } from '#lib/webmail/reading/list-conversations.ts';
import { listRequest, parseQuery } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';

export const GET = mailRoute(({ mailbox, query }) => listConversations(mailbox, parseQuery(listRequest, query)));
