import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { MailError } from '#lib/webmail/connection/mail-error.ts';
import { mailHost } from '#lib/webmail/connection/mail-host.ts';
import { parseQuery, parseRequest, uploadId, uploadRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { openUploads, readUpload, removeUpload, storeUpload } from '#lib/webmail/files/upload-store.ts';

export const POST = mailRoute(({ mailbox, request, query }) => {
  const { name, type, inline } = parseRequest(uploadRequest, { ...Object.fromEntries(query), ...inHeader(request) });
  if (name.trim() === '') throw new MailError('InvalidRequest', 'name');
  const content = request.body ? Readable.fromWeb(request.body as NodeReadableStream) : Readable.from([]);
  // A picture of the text gets the Content-ID that the text refers to it by.
  const contentId = inline === '1' ? `${randomBytes(12).toString('hex')}@${mailHost().name}` : undefined;
  return storeUpload(mailbox, { name, type, content, ...(contentId ? { contentId } : {}) });
});

/** A picture of the text, to be shown while the letter is written. Nothing else is shown from here, and never as anything but a picture. */
export const GET = mailRoute(async ({ mailbox, query }) => {
  const { id } = parseQuery(uploadId, query);
  const [upload] = await openUploads(mailbox, [{ id, name: id }]);
  if (!upload || !/^image\/(png|jpeg|gif|webp|avif|bmp)$/.test(shownType(upload))) throw new MailError('NotFound', id);
  return new Response(Readable.toWeb(readUpload(upload)) as ReadableStream<Uint8Array>, {
    headers: {
      'content-type': shownType(upload),
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  });
});

/** A picture that its program called octet-stream goes by its name. */
function shownType({ type, name }: { type: string; name: string }): string {
  const ending = /\.(png|jpe?g|gif|webp|avif|bmp)$/i.exec(name)?.[1]?.toLowerCase();
  return type.startsWith('image/') || !ending ? type : `image/${ending === 'jpg' ? 'jpeg' : ending}`;
}

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
