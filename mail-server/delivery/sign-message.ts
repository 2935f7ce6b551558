import type { DomainName } from '../../lib/addresses/domain-name.ts';
import { openSecret } from '../../lib/auth/secret-box.ts';
import { headerEnd } from '../../lib/mime/read-header.ts';
import type { Services } from '../services.ts';
import { headerToSign } from './header-to-sign.ts';
import { signInWorker } from './letter-work.ts';

/**
 * The DKIM-Signature field (RFC 6376) of a domain of ours, with its line end; "" where the domain is not verified, or its key cannot
 * be used (logged: such mail still goes out). `content` must be what goes out, after any conversion of it.
 */
export async function signMessage(
  services: Pick<Services, 'directory' | 'log'>,
  secret: string,
  content: Buffer,
  domain: DomainName,
): Promise<string> {
  const entry = await services.directory.domain(domain);
  if (!entry?.verified) return '';
  try {
    const message = Buffer.concat([headerToSign(content), content.subarray(headerEnd(content))]);
    const privateKey = openSecret(entry.dkimPrivateKey, secret);
    return await signInWorker({ message, domain, selector: entry.dkimSelector, privateKey }, domain);
  } catch (error) {
    services.log.error({ err: error, domain }, 'a message could not be signed');
    return '';
  }
}
