import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

/** RSA 2048 (RFC 8301), made on a thread of its own. publicKey is the base64 that stands in the record's p=. */
export async function makeDkimKey(): Promise<{ privateKeyPem: string; publicKey: string }> {
  const { privateKey, publicKey } = await generate('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  });
  return { privateKeyPem: privateKey, publicKey: publicKey.toString('base64') };
}
