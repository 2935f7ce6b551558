import { fetchRemoteImage } from '#lib/webmail/fetch-remote-image.ts';
import { openImage } from '#lib/webmail/image-address.ts';
import { MailError } from '#lib/webmail/mail-error.ts';
import { imageRequest, parseQuery } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';

/** A remote picture of a mail, loaded by us so that its sender learns nothing of the reader. Only addresses that we made. */
export const GET = mailRoute(async ({ query }) => {
  const url = openImage(parseQuery(imageRequest, query).of);
  if (url === null) throw new MailError('InvalidRequest', 'of');
  const image = await fetchRemoteImage(url);
  if (!image) throw new MailError('NotFound');
  return new Response(new Uint8Array(image.bytes), {
    headers: {
      'content-type': image.type,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
    },
  });
});
