import { dkimSign } from 'mailauth';
import { openSecret } from '../../lib/auth/secret-box.ts';
import { domainOf, type EmailAddress } from '../../lib/addresses/email-address.ts';
import type { Services } from '../services.ts';
import { inSlices } from './in-slices.ts';

/**
 * The DKIM-Signature field (RFC 6376) of the author's domain, with its line end; "" where the domain is not verified, or its key cannot
 * be used (logged: such mail still goes out).
 */
export async function signMessage(
  services: Pick<Services, 'directory' | 'log'>,
  secret: string,
  content: Buffer,
  author: EmailAddress,
): Promise<string> {
  const name = domainOf(author);
  const domain = await services.directory.domain(name);
  if (!domain?.verified) return '';
  try {
    const key = { signingDomain: name, selector: domain.dkimSelector, privateKey: openSecret(domain.dkimPrivateKey, secret) };
    const { signatures, errors } = await dkimSign(inSlices(content), {
      ...key,
      signatureData: [key],
      canonicalization: 'relaxed/relaxed',
      signTime: new Date(),
    });
    if (errors.length > 0) services.log.error({ err: errors[0], domain: name }, 'a message could not be signed');
    return signatures;
  } catch (error) {
    services.log.error({ err: error, domain: name }, 'a message could not be signed');
    return '';
  }
}
