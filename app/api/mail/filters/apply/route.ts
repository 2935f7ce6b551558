import { applyFilter, undoFilter } from '#lib/webmail/filters/apply-filter.ts';
import { applyRequest, parseBody, undoRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';

/** Some of the letters that are there already; the page asks until it has them all. */
export const POST = mailRoute(async ({ mailbox, request }) => applyFilter(mailbox, await parseBody(applyRequest, request)));

/** Takes one of those steps back. */
export const DELETE = mailRoute(async ({ mailbox, request }) => undoFilter(mailbox, await parseBody(undoRequest, request)));
