import { flagRequest, parseBody } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { setFlag } from '#lib/webmail/reading/set-flags.ts';

export const POST = mailRoute(async ({ mailbox, request }) => setFlag(mailbox, await parseBody(flagRequest, request)));
