import { makeDkimKey } from '../../lib/dkim/make-key.ts';
import { openSecret, sealSecret } from '../../lib/auth/secret-box.ts';
import type { SigningKeys } from '../delivery/signing/seal-letter.ts';
import type { Services } from '../services.ts';
import { keepHostKey, readHostKey } from '../store/host-keys.ts';

const selector = 'postamt';

/** What this host signs its own letters with; made when it is asked for first. The operator publishes it (docs/operations.md). */
export async function hostSigningKey({
  settings,
  database,
  secret,
}: Pick<Services, 'settings' | 'database' | 'secret'>): Promise<SigningKeys> {
  const host = settings.hostName.toLowerCase();
  let known = await readHostKey(database.read, host);
  if (!known) {
    const { privateKeyPem, publicKey } = await makeDkimKey('rsa');
    const made = { selector, privateKey: sealSecret(privateKeyPem, secret), publicKey };
    await keepHostKey(database.write, host, made);
    known = (await readHostKey(database.read, host)) ?? made;
  }
  return { domain: host, keys: [{ selector: known.selector, privateKey: openSecret(known.privateKey, secret) }] };
}
