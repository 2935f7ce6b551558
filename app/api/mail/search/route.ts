import { parseBody, parseQuery, searchRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { searchFolder } from '#lib/webmail/reading/search-messages.ts';

/** What the page asks: the words stand in no address, so no proxy writes them down. */
export const POST = mailRoute(async ({ mailbox, request }) => searchFolder(mailbox, await parseBody(searchRequest, request)));

/** The same for a program that asks by itself and has no page to keep words to. */
export const GET = mailRoute(({ mailbox, query }) => searchFolder(mailbox, parseQuery(searchRequest, query)));
