import { Readable } from 'node:stream';
import { downloadPart } from '#lib/webmail/download-part.ts';
import { parseQuery, partRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { openPart } from '#lib/webmail/open-part.ts';
import { opensInBrowser, servedType } from '#lib/webmail/attachments.ts';

/**
 * One part of a message, or the whole (part empty). Opened in the browser only if its type cannot run anything; and even then without
 * script, without our origin, and never as another type than it says.
 */
export const GET = mailRoute(async ({ mailbox, query }) => {
  const { part, open, ...reference } = parseQuery(partRequest, query);
  const file = await downloadPart(mailbox, reference, part);
  const { name } = file;
  const { type, content } = open === '1' && part !== '' ? await openPart(file) : { ...file, type: servedType(file.type, file.name) };
  const source = part === '' && open === '1';
  const opens = open === '1' && (source || opensInBrowser(type));
  const shownType = source || type === 'text/plain' ? 'text/plain; charset=utf-8' : opens ? type : 'application/octet-stream';
  const stream = Readable.toWeb(content) as ReadableStream<Uint8Array>;
  return new Response(stream, {
    headers: {
      'content-type': shownType,
      'content-disposition': disposition(opens ? 'inline' : 'attachment', name),
      'content-security-policy':
        type === 'application/pdf'
          ? "default-src 'none'; object-src 'self'; frame-ancestors 'none'"
          : "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    },
  });
});

/** RFC 6266: an ASCII name for old programs, the real one beside it. */
const disposition = (how: 'inline' | 'attachment', name: string): string => {
  const ascii = name.normalize('NFKD').replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const real = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${how}; filename="${ascii}"; filename*=UTF-8''${real}`;
};
