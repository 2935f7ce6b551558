import { findCautions } from '#lib/webmail/trust/find-cautions.ts';
import { parseBody, senderRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';

/** Asked by POST, for names and addresses of letters belong into no log. */
export const POST = mailRoute(async ({ mailbox, request }) => findCautions(mailbox, await parseBody(senderRequest, request)));
