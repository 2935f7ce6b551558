import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { openSecret, sealSecret } from '../../lib/auth/secret-box.ts';
import type { SigningKey } from '../delivery/seal-letter.ts';
import type { Services } from '../services.ts';
import { keepHostKey, readHostKey } from '../store/host-keys.ts';

const generate = promisify(generateKeyPair);
const selector = 'postamt';

/** What this host signs its own letters with; made when it is asked for first. The operator publishes it (docs/operations.md). */
export async function hostSigningKey({
  settings,
  database,
  secret,
}: Pick<Services, 'settings' | 'database' | 'secret'>): Promise<SigningKey> {
  const host = settings.hostName.toLowerCase();
  let known = await readHostKey(database.read, host);
  if (!known) {
    const { privateKey, publicKey } = await generate('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'der' },
    });
    const made = { selector, privateKey: sealSecret(privateKey, secret), publicKey: publicKey.toString('base64') };
    await keepHostKey(database.write, host, made);
    known = (await readHostKey(database.read, host)) ?? made;
  }
  return { domain: host, selector: known.selector, privateKey: openSecret(known.privateKey, secret) };
}
