import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { MailError } from '#lib/webmail/mail-error.ts';
import { parseQuery, parseRequest, uploadId, uploadRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { removeUpload, storeUpload } from '#lib/webmail/upload-store.ts';

export const POST = mailRoute(({ mailbox, request, query }) => {
  const { name, type } = parseRequest(uploadRequest, { ...Object.fromEntries(query), ...inHeader(request) });
  const content = request.body ? Readable.fromWeb(request.body as NodeReadableStream) : Readable.from([]);
  if (name.trim() === '') throw new MailError('InvalidRequest', 'name');
  return storeUpload(mailbox, { name, type, content });
});

/** The page says a file's name and type here, where no proxy writes it down; other programs may say it in the query. */
function inHeader(request: Request): { name?: string; type?: string } {
  const given = request.headers.get('x-postamt-file');
  if (given === null) return {};
  const [name = '', type = ''] = given.split(' ').map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return '';
    }
  });
  return { name, type };
}

export const DELETE = mailRoute(({ mailbox, query }) => removeUpload(mailbox, parseQuery(uploadId, query).id));
