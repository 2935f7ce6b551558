import { parseBody, pictureSenderRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { trustPictures } from '#lib/webmail/trust/picture-senders.ts';

export const POST = mailRoute(async ({ mailbox, request }) => {
  const { address, on } = await parseBody(pictureSenderRequest, request);
  await trustPictures(mailbox, address, on);
});
