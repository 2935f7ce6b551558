import { deleteRequest, parseBody } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { deleteForGood } from '#lib/webmail/reading/move-messages.ts';

export const POST = mailRoute(async ({ mailbox, request }) => deleteForGood(mailbox, await parseBody(deleteRequest, request)));
