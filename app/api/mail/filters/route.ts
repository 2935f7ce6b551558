import { readFilters, saveFilters, saveScriptText } from '#lib/webmail/filters/mailbox-filters.ts';
import { filtersRequest, parseBody, scriptRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';

export const GET = mailRoute(({ mailbox }) => readFilters(mailbox));

export const POST = mailRoute(async ({ mailbox, request }) => saveFilters(mailbox, await parseBody(filtersRequest, request)));

/** A script as text. */
export const PATCH = mailRoute(async ({ mailbox, request }) => saveScriptText(mailbox, await parseBody(scriptRequest, request)));
