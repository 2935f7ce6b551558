import { longestHoldMs } from '../../lib/config/longest-hold.ts';
import type { Principal } from '../auth/types.ts';
import { reply, type Reply } from './reply.ts';

/** How long a message is held: from the moment it was taken, or until a time. */
export type Hold = { seconds: number } | { until: Date };

const syntax = reply(501, '5.5.4', 'HOLDFOR is a number of seconds, HOLDUNTIL a time as 2026-12-24T18:00:00Z, and there is one of them');
// RFC 3339 section 5.6; section 4.3 allows -00:00
const dateTime = /^(\d{4})-(\d\d)-(\d\d)[Tt](?:[01]\d|2[0-3]):\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

interface Holder {
  profile: { requiresAuthentication: boolean };
  principal: { credential: Principal['credential'] } | null;
  services: { settings: { longestHoldS: number } };
}

/** The web rounds up to a whole second, and its clock may be another. */
const webHoldS = longestHoldMs / 1000 + 86_400;

/** How long a letter may be held here: whoever submits may have it held, a mail host that hands on may not. 0: not at all. */
export function longestHold({ profile, principal, services }: Holder): number {
  if (!profile.requiresAuthentication) return 0;
  const { longestHoldS } = services.settings;
  return principal?.credential === 'token' ? Math.max(longestHoldS, webHoldS) : longestHoldS;
}

/** FUTURERELEASE with its two limits (RFC 4865 section 4): an interval, and the time that it leads to now. */
export const futureRelease = (longestS: number, now: Date): string => `FUTURERELEASE ${longestS} ${seconds(limit(longestS, now))}`;

/** HOLDFOR or HOLDUNTIL of MAIL; null: neither. A time that has passed means at once. */
export function parseHoldParameters(parameters: ReadonlyMap<string, string | null>, longestS: number, now: Date): Hold | Reply | null {
  const interval = parameters.get('HOLDFOR');
  const time = parameters.get('HOLDUNTIL');
  if (interval === undefined && time === undefined) return null;
  if (interval !== undefined && time !== undefined) return syntax;
  if (interval !== undefined) {
    if (!/^\d{1,9}$/.test(interval ?? '')) return syntax;
    return Number(interval) > longestS ? tooFar(longestS, now) : { seconds: Number(interval) };
  }
  const until = new Date(isDateTime(time ?? '') ? (time ?? '').toUpperCase() : Number.NaN);
  if (Number.isNaN(until.getTime())) return syntax;
  return until > limit(longestS, now) ? tooFar(longestS, now) : { until };
}

/** A day that the calendar has: the platform makes the second of March of the thirtieth of February. */
function isDateTime(text: string): boolean {
  const [year = 0, month = 0, day = 0] = (dateTime.exec(text) ?? []).slice(1).map(Number);
  return day > 0 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** When a message that was taken `at` is released; null: at once. */
export function releaseTime(hold: Hold | null, at: Date): Date | null {
  if (!hold) return null;
  const release = 'until' in hold ? hold.until : new Date(at.getTime() + hold.seconds * 1000);
  return release > at ? release : null;
}

const limit = (longestS: number, now: Date): Date => new Date(now.getTime() + longestS * 1000);
const seconds = (at: Date): string => at.toISOString().replace(/\.\d+Z$/, 'Z');
const tooFar = (longestS: number, now: Date): Reply =>
  reply(
    501,
    '5.5.4',
    `So lange wird nichts aufgehoben - nothing is held longer than ${longestS} seconds, until ${seconds(limit(longestS, now))}`,
  );
