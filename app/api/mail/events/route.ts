import { mailRoute } from '#lib/webmail/mail-route.ts';
import type { MailEvent } from '#lib/webmail/types.ts';
import { watchFolder } from '#lib/webmail/watch-mailbox.ts';

const heartbeatMs = 20_000;
/** A stream ends after an hour; the browser opens the next one, and the session is looked at again. */
const longestMs = 3_600_000;

/** Server-sent events of the inbox and of the folder that is open. */
export const GET = mailRoute(async ({ mailbox, request, query }) => {
  const folders = new Set(['INBOX', ...(query.get('folder') ? [query.get('folder') ?? ''] : [])]);
  const encoder = new TextEncoder();
  let stop = () => {};
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      const send = (event: MailEvent) => write(`data: ${JSON.stringify(event)}\n\n`);
      write('retry: 2000\n\n');
      const ends = [...folders].map((folder) => watchFolder(mailbox, folder, send));
      const heartbeat = setInterval(() => write('event: beat\ndata: \n\n'), heartbeatMs);
      const lifetime = setTimeout(() => stop(), longestMs);
      stop = () => {
        stop = () => {};
        clearInterval(heartbeat);
        clearTimeout(lifetime);
        for (const end of ends) end();
        try {
          controller.close();
        } catch {
          // the browser was faster
        }
      };
      request.signal.addEventListener('abort', () => stop());
    },
    cancel: () => stop(),
  });
  return new Response(stream, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' },
  });
});
