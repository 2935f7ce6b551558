import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { parseUrl } from '../../addresses/parse-url.ts';

const longestUrl = 2048;
const nonceBytes = 12;
const tagBytes = 16;

const keyFor = (key: Uint8Array, use: 'encrypt' | 'nonce'): Buffer => createHmac('sha256', key).update(use).digest();

/**
 * Address of our route for a remote picture, sealed with a key of this installation. Encrypted: what a letter points to is part of the
 * letter, and a URL stands in the logs of every proxy. Authentic, so that the route fetches only what stood in a mail; and the same picture
 * has the same address. Null for addresses that are not http(s).
 */
export function sealedImageAddress(url: string, key: Uint8Array): string | null {
  const clean = url.trim().replaceAll('&amp;', '&');
  const parsed = clean.length > longestUrl ? null : parseUrl(clean);
  if (!parsed || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') || parsed.username || parsed.password) return null;
  return `/api/mail/image?of=${seal(parsed.href, key)}`;
}

/** The nonce is made of the text (as SIV does, RFC 5297): the same one twice is the same text twice, which tells nothing new. */
function seal(url: string, key: Uint8Array): string {
  const nonce = createHmac('sha256', keyFor(key, 'nonce')).update(url).digest().subarray(0, nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', keyFor(key, 'encrypt'), nonce);
  const bytes = Buffer.concat([cipher.update(url, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), bytes]).toString('base64url');
}

/** The address of the picture, or null if it is none that was sealed with this key. */
export function openSealedImage(sealed: string, key: Uint8Array): string | null {
  const box = Buffer.from(sealed, 'base64url');
  if (box.length <= nonceBytes + tagBytes) return null;
  const decipher = createDecipheriv('aes-256-gcm', keyFor(key, 'encrypt'), box.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAuthTag(box.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    return Buffer.concat([decipher.update(box.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
