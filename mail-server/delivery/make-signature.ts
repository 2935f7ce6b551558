import { dkimSign } from 'mailauth';
import { signedNames } from './header-to-sign.ts';

export interface SignTask {
  message: Uint8Array;
  domain: string;
  selector: string;
  /** PEM */
  privateKey: string;
}

/** A DKIM-Signature field (RFC 6376) with its line end. Throws if it cannot be made. */
export async function makeSignature({ message, domain, selector, privateKey }: SignTask): Promise<string> {
  const key = { signingDomain: domain, selector, privateKey };
  const { signatures, errors } = await dkimSign(Buffer.from(message.buffer, message.byteOffset, message.byteLength), {
    ...key,
    signatureData: [key],
    headerList: signedNames,
    canonicalization: 'relaxed/relaxed',
    signTime: new Date(),
  });
  const [error] = errors;
  if (error) throw error;
  return signatures;
}
