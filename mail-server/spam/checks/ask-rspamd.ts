import { z } from 'zod';
import type { Reason } from '../reason.ts';

const answerShape = z.object({
  score: z.number(),
  required_score: z.number(),
  action: z.string(),
  symbols: z.record(z.string(), z.object({ score: z.number().optional(), metric_score: z.number().optional() })).optional(),
});

export interface RspamdEnvelope {
  sender: string;
  recipients: readonly string[];
  remoteAddress: string | null;
  greetedAs: string | null;
}

/** so much it has never to say of a letter */
const longestAnswer = 1024 * 1024;

/** our limit for Junk, which is where rspamd's own "add header" lies */
const junkAt = 5;
const usualAddHeader = 6;
const mostPoints = 10;

/** A password in the address goes where rspamd looks for it. */
function placeOf(where: string): { base: URL; headers: Record<string, string> } {
  const base = new URL(where);
  const headers: Record<string, string> = base.password === '' ? {} : { Password: decodeURIComponent(base.password) };
  base.username = '';
  base.password = '';
  return { base, headers };
}

const clean = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 1000);

/** What rspamd says of a letter (POST /checkv2), as points of ours; null: nothing worth mentioning. Rejects when it is away. */
export async function askRspamd(where: string, letter: Buffer, envelope: RspamdEnvelope, signal: AbortSignal): Promise<Reason | null> {
  const { base, headers } = placeOf(where);
  const fields = new Headers({ ...headers, 'Content-Type': 'application/octet-stream', From: clean(envelope.sender) });
  for (const recipient of envelope.recipients) fields.append('Rcpt', clean(recipient));
  if (envelope.remoteAddress) fields.set('IP', envelope.remoteAddress);
  if (envelope.greetedAs) fields.set('Helo', clean(envelope.greetedAs));
  const response = await fetch(new URL('/checkv2', base), { method: 'POST', headers: fields, body: new Uint8Array(letter), signal });
  if (!response.ok) await fail(response);
  const { score, action, symbols = {} } = answerShape.parse(JSON.parse(await textOf(response)));
  const isSure = action === 'reject' || action === 'add header' || action === 'rewrite subject';
  const scaled = (score / usualAddHeader) * junkAt;
  const points = Math.max(-2, Math.min(mostPoints, isSure ? Math.max(scaled, junkAt) : Math.min(scaled, junkAt - 0.5)));
  if (Math.abs(points) < 0.3) return null;
  const strongest = Object.entries(symbols)
    .sort(([, one], [, other]) => Math.abs(other.score ?? other.metric_score ?? 0) - Math.abs(one.score ?? one.metric_score ?? 0))
    .slice(0, 3)
    .map(([name]) => name);
  return { code: 'rspamd', points, data: strongest.join(' ') };
}

/** Passes on what somebody moved into Junk or out of it. Rejects when rspamd is away; one it knows already is fine. */
export async function teachRspamd(where: string, letter: Buffer, spam: boolean, signal: AbortSignal): Promise<void> {
  const { base, headers } = placeOf(where);
  const response = await fetch(new URL(spam ? '/learnspam' : '/learnham', base), {
    method: 'POST',
    headers,
    body: new Uint8Array(letter),
    signal,
  });
  // 208: learnt already; 204: too little text to learn from
  if (!response.ok && response.status !== 404) await fail(response);
  await response.body?.cancel();
}

async function fail({ status, body }: Response): Promise<never> {
  await body?.cancel();
  throw new Error(`rspamd answered ${status}`);
}

async function textOf({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body ?? []) {
    bytes += piece.length;
    if (bytes > longestAnswer) throw new Error('rspamd says too much');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}
