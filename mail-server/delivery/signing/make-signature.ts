import { dkimSign } from 'mailauth';
import { signedNames } from './header-to-sign.ts';

export interface SigningKey {
  selector: string;
  /** PEM, RSA or Ed25519 */
  privateKey: string;
}

export interface SignTask {
  message: Uint8Array;
  domain: string;
  /** each makes a signature of its own (RFC 8463 section 3): hosts that know one algorithm only pass over the other */
  keys: readonly SigningKey[];
}

/** DKIM-Signature fields (RFC 6376) with their line ends, in the order of the keys, and why one of them could not be made. */
export async function makeSignature({ message, domain, keys }: SignTask): Promise<{ signature: string; fault?: unknown }> {
  const signatureData = keys.map((key) => ({ ...key, signingDomain: domain }));
  const [first] = signatureData;
  if (!first) return { signature: '' };
  const { signatures, errors } = await dkimSign(Buffer.from(message.buffer, message.byteOffset, message.byteLength), {
    ...first,
    signatureData,
    headerList: signedNames,
    canonicalization: 'relaxed/relaxed',
    signTime: new Date(),
  });
  const [error] = errors;
  return error ? { signature: signatures, fault: error } : { signature: signatures };
}
