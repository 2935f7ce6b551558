import { parseBody, redirectedLetter, redirectRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { withTimeLeft } from '#lib/webmail/sending/release-clock.ts';
import { redirectLetter } from '#lib/webmail/sending/redirect-letter.ts';
import { takeBackRedirected } from '#lib/webmail/sending/take-back-redirected.ts';

/** Passes a letter on as it came. */
export const POST = mailRoute(async ({ mailbox, request }) => {
  const { folder, uid, id, at, to } = await parseBody(redirectRequest, request);
  return withTimeLeft(await redirectLetter(mailbox, { folder, uid }, { id, at: new Date(at), to }));
});

/** Takes that back, as long as it has not left. */
export const DELETE = mailRoute(async ({ mailbox, request }) => {
  const { folder, uid, held, marked } = await parseBody(redirectedLetter, request);
  return { back: await takeBackRedirected(mailbox, { folder, uid }, { held: BigInt(held), marked }) };
});
