import { Readable } from 'node:stream';
import { parseQuery, zipRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { disposition } from '#lib/webmail/files/disposition.ts';
import { zipParts } from '#lib/webmail/files/zip-parts.ts';

/** Attachments of a message as one file, made while it is sent. */
export const GET = mailRoute(async ({ mailbox, query }) => {
  const { parts, ...reference } = parseQuery(zipRequest, query);
  const { name, content } = await zipParts(mailbox, reference, parts);
  return new Response(Readable.toWeb(content) as ReadableStream<Uint8Array>, {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': disposition('attachment', name),
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    },
  });
});
