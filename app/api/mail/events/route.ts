import { watchSession } from '#lib/auth/web-session/watch-session.ts';
import { MailError } from '#lib/webmail/connection/mail-error.ts';
import { mailHost } from '#lib/webmail/connection/mail-host.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { takePlace } from '#lib/webmail/places.ts';
import type { MailEvent } from '#lib/webmail/reading/conversation-list.ts';
import { watchFolder } from '#lib/webmail/connection/watch-mailbox.ts';

const heartbeatMs = 20_000;
/** A stream ends after an hour; the browser opens the next one. */
const longestMs = 3_600_000;

/**
 * Server-sent events of the inbox and of the folder that is open; they end with the session. A mailbox that has as many streams as it may
 * gets no further one, and one that listens to as many folders as it may hears "crowded": the page then asks now and then.
 */
export const GET = mailRoute(async ({ mailbox, request, query }) => {
  const folders = new Set(['INBOX', ...(query.get('folder') ? [query.get('folder') ?? ''] : [])]);
  const { streams: mostStreams, watches } = mailHost().perMailbox;
  const leave = takePlace('streams', mailbox.mailboxId, mostStreams);
  if (!leave) throw new MailError('TooManyWindows', String(mostStreams));
  const encoder = new TextEncoder();
  let stop = () => leave();
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      const send = (event: MailEvent) => write(`data: ${JSON.stringify(event)}\n\n`);
      write('retry: 2000\n\n');
      const ends = [...folders].map((folder) => watchFolder(mailbox, folder, send, watches));
      if (ends.includes(null)) send({ kind: 'crowded' });
      const heartbeat = setInterval(() => write('event: beat\ndata: \n\n'), heartbeatMs);
      const lifetime = setTimeout(() => stop(), longestMs);
      const unwatch = mailbox.sessionId === null ? () => {} : watchSession(mailbox.sessionId, () => stop());
      stop = () => {
        stop = () => {};
        clearInterval(heartbeat);
        clearTimeout(lifetime);
        unwatch();
        for (const end of ends) end?.();
        leave();
        try {
          controller.close();
        } catch {
          // the browser was faster
        }
      };
      request.signal.addEventListener('abort', () => stop());
      if (request.signal.aborted) stop();
    },
    cancel: () => stop(),
  });
  return new Response(stream, { headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' } });
});
