import { createPublicKey } from 'node:crypto';

/** A key of 2048 bits takes 392 characters; what is shorter cannot cost much. */
const cheapCharacters = 400;
/** RFC 8301 section 3.2: verifiers must be able to check 1024 to 4096 bits */
const mostBits = 4_096;
/** 65537 is what all use; OpenSSL would take one as long as the key, and need a thousand times as long for it */
const largestExponent = 2n ** 32n;

/** Whether a TXT record holds an RSA key that nobody uses but to make a check take long. */
export const isCostlyKey = (record: string): boolean =>
  [...record.matchAll(/(?:^|;)\s*p\s*=([^;]*)/gi)].some(([, value = '']) => isCostly(value.replace(/\s+/g, '')));

function isCostly(key: string): boolean {
  if (key.length <= cheapCharacters) return false;
  const details = detailsOf(Buffer.from(key, 'base64'));
  return details !== null && ((details.modulusLength ?? 0) > mostBits || (details.publicExponent ?? 0n) > largestExponent);
}

/** Null for what is no RSA key in a form that the check takes. */
function detailsOf(key: Buffer): { modulusLength?: number; publicExponent?: bigint } | null {
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      return createPublicKey({ key, format: 'der', type }).asymmetricKeyDetails ?? null;
    } catch {
      // the other form, or none
    }
  }
  return null;
}
