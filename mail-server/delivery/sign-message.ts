import type { DomainName } from '../../lib/addresses/domain-name.ts';
import { openSecret } from '../../lib/auth/secret-box.ts';
import type { Services } from '../services.ts';
import { sealInWorker } from './letter-work.ts';
import type { SealedLetter, SigningKey } from './seal-letter.ts';

/**
 * A submitted message as it goes out: fit for all hosts (to-seven-bit.ts), and with the DKIM-Signature field (RFC 6376) of a domain of ours
 * with its line end, which is "" where the domain is not verified, or its key cannot be used (logged: such mail still goes out).
 */
export async function signMessage(
  services: Pick<Services, 'directory' | 'log'>,
  secret: string,
  message: Buffer,
  domain: DomainName,
): Promise<SealedLetter> {
  const key = await signingKey(services, secret, domain);
  const sealed = await sealInWorker({ message, key }, domain);
  if (sealed.fault) services.log.error({ err: sealed.fault, domain }, 'a message could not be signed');
  return sealed;
}

async function signingKey(services: Pick<Services, 'directory' | 'log'>, secret: string, domain: DomainName): Promise<SigningKey | null> {
  const entry = await services.directory.domain(domain);
  if (!entry?.verified) return null;
  try {
    return { domain, selector: entry.dkimSelector, privateKey: openSecret(entry.dkimPrivateKey, secret) };
  } catch (error) {
    services.log.error({ err: error, domain }, 'a key for signing cannot be read');
    return null;
  }
}
