import { letterRequest, parseBody } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { sendLetter } from '#lib/webmail/send-letter.ts';

export const POST = mailRoute(async ({ mailbox, request }) => sendLetter(mailbox, await parseBody(letterRequest, request)));
