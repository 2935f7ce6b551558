import type { DomainName } from '../../../lib/addresses/domain-name.ts';
import { openSecret } from '../../../lib/auth/secret-box.ts';
import type { Services } from '../../services.ts';
import { sealInWorker } from '../letter-work.ts';
import type { SigningKey } from './make-signature.ts';
import type { SealedKey } from '../../store/mail-directory.ts';
import type { SealedLetter, SigningKeys } from './seal-letter.ts';

/**
 * A submitted message as it goes out: fit for all hosts (to-seven-bit.ts), and with the DKIM-Signature fields (RFC 6376) of a domain of ours
 * with their line ends, RSA and Ed25519, each while the DNS shows its key; "" where the domain is not verified, or no key can be used
 * (logged: such mail still goes out). `asItCame`: what its author signed is not converted.
 */
export async function signMessage(
  services: Pick<Services, 'directory' | 'log'>,
  secret: string,
  message: Buffer,
  domain: DomainName,
  { asItCame = false } = {},
): Promise<SealedLetter> {
  const signer = await signingKeys(services, secret, domain);
  const sealed = await sealInWorker({ message, signer, asItCame }, domain);
  if (sealed.fault) services.log.error({ err: sealed.fault, domain }, 'a message could not be signed');
  return sealed;
}

async function signingKeys(services: Pick<Services, 'directory' | 'log'>, secret: string, domain: DomainName): Promise<SigningKeys | null> {
  const entry = await services.directory.domain(domain);
  if (!entry?.verified) return null;
  const keys = [entry.rsa, entry.ed25519].flatMap((key) => openKey(services, secret, domain, key) ?? []);
  return keys.length > 0 ? { domain, keys } : null;
}

function openKey({ log }: Pick<Services, 'log'>, secret: string, domain: DomainName, key: SealedKey | null): SigningKey | null {
  if (!key) return null;
  try {
    return { selector: key.selector, privateKey: openSecret(key.privateKey, secret) };
  } catch (error) {
    log.error({ err: error, domain, selector: key.selector }, 'a key for signing cannot be read');
    return null;
  }
}
