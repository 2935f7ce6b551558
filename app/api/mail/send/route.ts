import { messageIdOf } from '#lib/webmail/build-letter.ts';
import { letterRequest, parseBody, parseQuery, sentRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { sendLetter, wasSent } from '#lib/webmail/send-letter.ts';

export const POST = mailRoute(async ({ mailbox, request }) => sendLetter(mailbox, await parseBody(letterRequest, request)));

/** Whether a letter was sent: its page was closed while it was on its way. */
export const GET = mailRoute(async ({ mailbox, query }) => ({ sent: await wasSent(mailbox, messageIdOf(parseQuery(sentRequest, query))) }));
