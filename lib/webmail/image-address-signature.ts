import { createHmac } from 'node:crypto';

const longestUrl = 2048;

export const imageSignature = (url: string, key: Uint8Array): Buffer => createHmac('sha256', key).update(url).digest();

/** Address of our route for a remote picture, signed with a key of this installation; null for addresses that are not http(s). */
export function signedImageAddress(url: string, key: Uint8Array): string | null {
  const clean = url.trim().replaceAll('&amp;', '&');
  if (clean.length > longestUrl || !URL.canParse(clean)) return null;
  const parsed = new URL(clean);
  if ((parsed.protocol !== 'https:' && parsed.protocol !== 'http:') || parsed.username || parsed.password) return null;
  return `/api/mail/image?${new URLSearchParams({ url: parsed.href, signature: imageSignature(parsed.href, key).toString('base64url') })}`;
}
