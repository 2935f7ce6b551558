import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { deriveKey } from '../auth/derive-key.ts';
import { installation } from '../config/installation.ts';

const longestUrl = 2048;
const nonceBytes = 12;
const tagBytes = 16;

const keyFor = (use: 'encrypt' | 'nonce'): Buffer => deriveKey(installation().secret, `mail image v2 ${use}`);

/**
 * Where the page loads a remote picture of a mail from: our own route, so that the sender learns neither the reader's address nor
 * their browser. Encrypted: what a letter points to is part of the letter, and a URL stands in the logs of every proxy. Authentic, so that
 * the route fetches only what stood in a mail; and the same picture has the same address. Null for addresses that are not http(s).
 */
export function imageAddress(url: string): string | null {
  const clean = url.trim().replaceAll('&amp;', '&');
  if (clean.length > longestUrl || !URL.canParse(clean)) return null;
  const parsed = new URL(clean);
  if ((parsed.protocol !== 'https:' && parsed.protocol !== 'http:') || parsed.username || parsed.password) return null;
  return `/api/mail/image?of=${sealImage(parsed.href)}`;
}

/** The nonce is made of the text (as SIV does, RFC 5297): the same one twice is the same text twice, which tells nothing new. */
function sealImage(url: string): string {
  const nonce = createHmac('sha256', keyFor('nonce')).update(url).digest().subarray(0, nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', keyFor('encrypt'), nonce);
  const bytes = Buffer.concat([cipher.update(url, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), bytes]).toString('base64url');
}

/** The address of the picture, or null if it is none that we made. */
export function openImage(sealed: string): string | null {
  const box = Buffer.from(sealed, 'base64url');
  if (box.length <= nonceBytes + tagBytes) return null;
  const decipher = createDecipheriv('aes-256-gcm', keyFor('encrypt'), box.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAuthTag(box.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    return Buffer.concat([decipher.update(box.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
