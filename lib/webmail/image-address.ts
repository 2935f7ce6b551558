import { timingSafeEqual } from 'node:crypto';
import { deriveKey } from '../auth/derive-key.ts';
import { installation } from '../config/installation.ts';
import { imageSignature, signedImageAddress } from './image-address-signature.ts';

export const imageKey = (): Uint8Array => deriveKey(installation().secret, 'mail image v1');

/**
 * Where the page loads a remote picture of a mail from: our own route, so that the sender learns neither the reader's address nor
 * their browser. Signed, so that the route fetches only what stood in a mail. Null for addresses that are not http(s).
 */
export const imageAddress = (url: string): string | null => signedImageAddress(url, imageKey());

export function isSignedImage(url: string, signature: string): boolean {
  const given = Buffer.from(signature, 'base64url');
  const expected = imageSignature(url, imageKey());
  return given.length === expected.length && timingSafeEqual(given, expected);
}
