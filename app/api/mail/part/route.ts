import { Readable } from 'node:stream';
import { wantedRange } from '#lib/webmail/files/byte-range.ts';
import { disposition } from '#lib/webmail/files/disposition.ts';
import { downloadPart } from '#lib/webmail/files/download-part.ts';
import { type MailRequest, mailRoute } from '#lib/webmail/mail-route.ts';
import { parseQuery, partRequest } from '#lib/webmail/mail-requests.ts';
import { openPart } from '#lib/webmail/files/open-part.ts';
import { opensInBrowser, servedType } from '#lib/webmail/files/served-type.ts';

/**
 * One part of a message, or the whole (part empty). Opened in the browser only if its type cannot run anything; and even then without
 * script, without our origin, and never as another type than it says. Who plays a recording asks for pieces of it (RFC 9110 section 14), from the
 * page that the browser makes for it: with our origin, or the pieces would be asked for without the sign-in.
 * No answer has a Content-Length: the framework lets none through, so none is counted for HEAD (section 9.3.2 leaves it open).
 */
async function answer({ mailbox, request, query }: MailRequest): Promise<Response> {
  const { part, open, ...reference } = parseQuery(partRequest, query);
  const download = await downloadPart(mailbox, reference, part);
  const { name, etag } = download;
  const isHead = request.method === 'HEAD';
  const asBrowsersShow = open === '1' && part !== '' && !isHead;
  const { type, content } = asBrowsersShow ? await openPart(download) : { type: servedType(download.type, name), content: null };
  const source = part === '' && open === '1';
  const opens = open === '1' && (source || opensInBrowser(type));
  const shownType = source || type === 'text/plain' ? 'text/plain; charset=utf-8' : opens ? type : 'application/octet-stream';
  const headers: Record<string, string> = {
    'content-type': shownType,
    'content-disposition': disposition(opens ? 'inline' : 'attachment', name),
    'content-security-policy':
      type === 'application/pdf'
        ? "default-src 'none'; object-src 'self'; frame-ancestors 'none'"
        : `${isRecording(type) ? 'sandbox allow-same-origin' : 'sandbox'}; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'`,
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  };
  if (content) return new Response(Readable.toWeb(content) as ReadableStream<Uint8Array>, { headers });
  headers['accept-ranges'] = 'bytes';
  headers['etag'] = etag;
  try {
    const field = request.headers.get('range');
    // If-Range: a piece of what the asker has already, or all of what it has become (section 13.1.5). We name no dates.
    const heeded = !isHead && field !== null && (request.headers.get('if-range') ?? etag) === etag;
    const size = heeded ? await download.size() : null;
    const range = heeded && size !== null ? wantedRange(field, size) : null;
    if (range === 'unsatisfiable') {
      download.close();
      return new Response(null, { status: 416, headers: { 'content-range': `bytes */${size}`, 'accept-ranges': 'bytes' } });
    }
    if (range) headers['content-range'] = `bytes ${range.first}-${range.last}/${size}`;
    if (isHead) {
      download.close();
      return new Response(null, { headers });
    }
    const stream = Readable.toWeb(download.read(range)) as ReadableStream<Uint8Array>;
    return new Response(stream, { status: range ? 206 : 200, headers });
  } catch (error) {
    download.close();
    throw error;
  }
}

const isRecording = (type: string): boolean => /^(audio|video)\//.test(type);

export const GET = mailRoute(answer);
/** Named, so that no content is opened for it that nobody would read. */
export const HEAD = mailRoute(answer);
