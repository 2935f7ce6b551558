import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey } from '../auth/derive-key.ts';
import { installation } from '../config/installation.ts';

const longestUrl = 2048;

const signatureOf = (url: string): Buffer => createHmac('sha256', deriveKey(installation().secret, 'mail image v1')).update(url).digest();

/**
 * Where the page loads a remote picture of a mail from: our own route, so that the sender learns neither the reader's address nor
 * their browser. Signed, so that the route fetches only what stood in a mail. Null for addresses that are not http(s).
 */
export function imageAddress(url: string): string | null {
  const clean = url.trim().replaceAll('&amp;', '&');
  if (clean.length > longestUrl || !URL.canParse(clean)) return null;
  const parsed = new URL(clean);
  if ((parsed.protocol !== 'https:' && parsed.protocol !== 'http:') || parsed.username || parsed.password) return null;
  return `/api/mail/image?${new URLSearchParams({ url: parsed.href, signature: signatureOf(parsed.href).toString('base64url') })}`;
}

export function isSignedImage(url: string, signature: string): boolean {
  const given = Buffer.from(signature, 'base64url');
  const expected = signatureOf(url);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
