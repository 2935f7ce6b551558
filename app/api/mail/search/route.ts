import { parseQuery, searchRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { searchFolder } from '#lib/webmail/search-messages.ts';

export const GET = mailRoute(({ mailbox, query }) => {
  const { folder, q, from } = parseQuery(searchRequest, query);
  return searchFolder(mailbox, { folder, query: q, from });
});
