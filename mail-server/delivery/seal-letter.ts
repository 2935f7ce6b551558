import { headerEnd } from '../../lib/mime/read-header.ts';
import { headerToSign } from './header-to-sign.ts';
import { makeSignature, type SignTask } from './make-signature.ts';
import { toSevenBit } from './to-seven-bit.ts';

export type SigningKey = Omit<SignTask, 'message'>;

export interface SealTask {
  message: Uint8Array;
  /** null: the message is converted, and not signed */
  key: SigningKey | null;
}

export interface SealedLetter {
  /** fit for all hosts, as far as it can be */
  message: Buffer;
  /** a DKIM-Signature field with its line end; "" for none */
  signature: string;
  /** why it has none in spite of a key */
  fault?: unknown;
}

/** What hosts on the way might have to convert is converted before it is signed (RFC 6376 section 5.3). */
export async function sealLetter({ message: submitted, key }: SealTask): Promise<SealedLetter> {
  const message = toSevenBit(Buffer.from(submitted.buffer, submitted.byteOffset, submitted.byteLength), { keepSigned: true });
  if (!key) return { message, signature: '' };
  try {
    const covered = Buffer.concat([headerToSign(message), message.subarray(headerEnd(message))]);
    return { message, signature: await makeSignature({ ...key, message: covered }) };
  } catch (fault) {
    return { message, signature: '', fault };
  }
}
