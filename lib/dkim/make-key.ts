import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { DkimAlgorithm } from './key-record.ts';

export interface MadeKey {
  privateKeyPem: string;
  /** base64 as it stands in the record's p= */
  publicKey: string;
}

const generate = promisify(generateKeyPair);
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;
const publicKeyEncoding = { type: 'spki', format: 'der' } as const;
/** An Ed25519 SubjectPublicKeyInfo ends with the key itself, which is all that RFC 8463 section 4 publishes. */
const ed25519Bytes = 32;

/** RSA 2048 (RFC 8301) or Ed25519 (RFC 8463), made on a thread of its own. */
export async function makeDkimKey(algorithm: DkimAlgorithm): Promise<MadeKey> {
  if (algorithm === 'ed25519') {
    const { privateKey, publicKey } = await generate('ed25519', { privateKeyEncoding, publicKeyEncoding });
    return { privateKeyPem: privateKey, publicKey: publicKey.subarray(-ed25519Bytes).toString('base64') };
  }
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 2048, privateKeyEncoding, publicKeyEncoding });
  return { privateKeyPem: privateKey, publicKey: publicKey.toString('base64') };
}
