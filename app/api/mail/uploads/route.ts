import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { MailError } from '#lib/webmail/mail-error.ts';
import { parseQuery, uploadId, uploadRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { removeUpload, storeUpload } from '#lib/webmail/upload-store.ts';

export const POST = mailRoute(({ mailbox, request, query }) => {
  const { name, type } = parseQuery(uploadRequest, query);
  const content = request.body ? Readable.fromWeb(request.body as NodeReadableStream) : Readable.from([]);
  if (name.trim() === '') throw new MailError('InvalidRequest', 'name');
  return storeUpload(mailbox, { name, type, content });
});

export const DELETE = mailRoute(({ mailbox, query }) => removeUpload(mailbox, parseQuery(uploadId, query).id));
