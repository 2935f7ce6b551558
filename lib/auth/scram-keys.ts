import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { parseAppPassword } from './random-password.ts';

/** RFC 7677 section 4 asks for 4096 at least. More would slow nobody down: an app password has 138 random bits. */
export const scramIterations = 4096;

const keyBytes = 32;
const pairBytes = 2 * keyBytes;
const derive = promisify(pbkdf2);
const hmac = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** StoredKey and ServerKey, one behind the other (RFC 5802 section 3). `password` is ASCII here, which SASLprep leaves as it is. */
export async function deriveScramKeys(password: string, salt: Uint8Array): Promise<Buffer> {
  const salted = await derive(password, salt, scramIterations, keyBytes, 'sha256');
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest();
  return Buffer.concat([storedKey, hmac(salted, 'Server Key')]);
}

/**
 * What app_password.scram_keys holds: the keys of the app password as it is shown, and as it is without the dashes. A client proves what was
 * typed to the letter, so no other way to write it can be right.
 */
export async function scramKeysOf(appPassword: string, salt: Uint8Array): Promise<Buffer> {
  const ways = [appPassword, parseAppPassword(appPassword) ?? appPassword];
  return Buffer.concat(await Promise.all(ways.map((way) => deriveScramKeys(way, salt))));
}

/** The server's signature if one of the pairs of `keys` belongs to who made `proof` over `authMessage`, else null. */
export function verifyScramProof(keys: Buffer, authMessage: string, proof: Buffer): Buffer | null {
  if (proof.length !== keyBytes) return null;
  let signature: Buffer | null = null;
  for (let at = 0; at + pairBytes <= keys.length; at += pairBytes) {
    const storedKey = keys.subarray(at, at + keyBytes);
    const clientKey = hmac(storedKey, authMessage).map((byte, index) => byte ^ (proof[index] ?? 0));
    const isRight = timingSafeEqual(createHash('sha256').update(clientKey).digest(), storedKey);
    if (isRight) signature ??= hmac(keys.subarray(at + keyBytes, at + pairBytes), authMessage);
  }
  return signature;
}
