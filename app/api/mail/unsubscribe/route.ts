import { parseBody, referenceRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { unsubscribe } from '#lib/webmail/trust/unsubscribe.ts';

export const POST = mailRoute(async ({ mailbox, request }) => unsubscribe(mailbox, await parseBody(referenceRequest, request)));
