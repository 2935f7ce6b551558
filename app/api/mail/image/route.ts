import { fetchRemoteImage } from '#lib/webmail/remote/fetch-remote-image.ts';
import { openImage } from '#lib/webmail/remote/image-address.ts';
import { MailError } from '#lib/webmail/connection/mail-error.ts';
import { imageRequest, parseQuery } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { createSharedTurns } from '#lib/workers/shared-turns.ts';

/** Each may hold 10 MB and ten seconds, and a letter may name thousands. */
const turns = createSharedTurns({ running: 24, ofOne: 6, waitingOfOne: 300 });

/** A remote picture of a mail, loaded by us so that its sender learns nothing of the reader. Only addresses that we made. */
export const GET = mailRoute(async ({ mailbox, query, request }) => {
  const url = openImage(parseQuery(imageRequest, query).of);
  if (url === null) throw new MailError('InvalidRequest', 'of');
  const image = await turns.run(mailbox.mailboxId, () => fetchRemoteImage(url, request.signal), request.signal);
  if (!image) throw new MailError('NotFound');
  return new Response(new Uint8Array(image.bytes), {
    headers: {
      'content-type': image.type,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
    },
  });
});
