import { moveRequest, parseBody } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { moveMessages } from '#lib/webmail/move-messages.ts';

export const POST = mailRoute(async ({ mailbox, request }) => moveMessages(mailbox, await parseBody(moveRequest, request)));
