import { subscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import { isFirstInProcess } from '../config/once-in-process.ts';

/**
 * Has the answers of route handlers packed on their way as pages and scripts are: two megabytes of a newsletter become some dozen kilobytes. Next
 * would do it, but looks for a type that is a string, and writes that of a route handler as a list of one. What must go as it is says
 * `no-transform` (mail-route.ts).
 */
export function packAnswers(): void {
  if (!isFirstInProcess('http.pack-answers')) return;
  subscribe('http.server.request.start', (message) => {
    const { response } = message as { response: ServerResponse };
    const set = response.setHeader.bind(response);
    response.setHeader = (name, value) => {
      const isType = name.toLowerCase() === 'content-type' && Array.isArray(value) && value.length === 1;
      return set(name, isType ? String(value[0]) : value);
    };
  });
}
