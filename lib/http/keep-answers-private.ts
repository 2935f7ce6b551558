import { subscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import { isFirstInProcess } from '../config/once-in-process.ts';

/**
 * An answer that does not say whether it may be kept is for whoever asked, and for now: caches keep what says nothing as long as they see fit
 * (RFC 9111 section 4.2.2), and the next one to ask would get somebody else's file.
 */
export function keepAnswersPrivate(): void {
  if (!isFirstInProcess('http.keep-answers-private')) return;
  subscribe('http.server.request.start', (message) => {
    const { response } = message as { response: ServerResponse };
    const write = response.writeHead.bind(response) as (...given: unknown[]) => ServerResponse;
    response.writeHead = (...given: unknown[]) => {
      if (!response.headersSent && !response.hasHeader('cache-control')) response.setHeader('Cache-Control', 'private, no-store');
      return write(...given);
    };
  });
}
