import { parseBody, parseQuery, searchRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { searchFolder } from '#lib/webmail/search-messages.ts';

/** What the page asks: the words stand in no address, so no proxy writes them down. */
export const POST = mailRoute(async ({ mailbox, request }) => {
  const { folder, q, from } = await parseBody(searchRequest, request);
  return searchFolder(mailbox, { folder, query: q, from });
});

/** The same for a program that asks by itself and has no page to keep words to. */
export const GET = mailRoute(({ mailbox, query }) => {
  const { folder, q, from } = parseQuery(searchRequest, query);
  return searchFolder(mailbox, { folder, query: q, from });
});
