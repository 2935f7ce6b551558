import { tryFilter } from '#lib/webmail/filters/try-filter.ts';
import { parseBody, tryRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';

/** Which letters a filter would take, before it is saved. */
export const POST = mailRoute(async ({ mailbox, request }) => tryFilter(mailbox, await parseBody(tryRequest, request)));
