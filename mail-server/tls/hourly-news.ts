import type { MailPort } from '../../lib/config/config.ts';

/** Who wants something, for the log. */
export interface Client {
  /** as in the metrics: the port it came to */
  service: MailPort;
  remoteAddress: string;
}

const hourMs = 3_600_000;
const mostAnHour = 1_000;
let toldSince = performance.now();
const told = new Set<string>();

/** Programs try again every minute, and strangers as often as they like: each is named once an hour, and so many of them. */
export function isNews({ service, remoteAddress }: Client, reason: string): boolean {
  if (performance.now() - toldSince > hourMs) {
    toldSince = performance.now();
    told.clear();
  }
  const what = `${service} ${remoteAddress} ${reason}`;
  if (told.has(what) || told.size >= mostAnHour) return false;
  told.add(what);
  return true;
}
