import { parseBody, parseQuery, sendRequest, sentRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { withTimeLeft } from '#lib/webmail/sending/release-clock.ts';
import { sendLetter, wasSent } from '#lib/webmail/sending/send-letter.ts';

export const POST = mailRoute(async ({ mailbox, request }) => {
  const { letter, at, press } = await parseBody(sendRequest, request);
  return withTimeLeft(await sendLetter(mailbox, letter, { at: at === null ? null : new Date(at), press }));
});

/** Whether a letter was given to be sent: its page was closed in that moment. */
export const GET = mailRoute(async ({ mailbox, query }) => {
  const { id, press } = parseQuery(sentRequest, query);
  return { sent: await wasSent(mailbox, id, press) };
});
