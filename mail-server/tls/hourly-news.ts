import { hostOf } from '../../lib/addresses/network-of.ts';
import type { MailPort } from '../../lib/config/config.ts';
import { HourlyBound } from '../hourly-bound.ts';

/** Who wants something, for the log. */
export interface Client {
  /** as in the metrics: the port it came to */
  service: MailPort;
  remoteAddress: string;
}

const told = new HourlyBound(1, 1_000);

/** Programs try again every minute, and strangers as often as they like: each is named once an hour, and so many of them. */
export const isNews = ({ service, remoteAddress }: Client, reason: string): boolean =>
  told.admits(`${service} ${hostOf(remoteAddress)} ${reason}`);
