import { makeSignature, type SignTask } from './make-signature.ts';
import { isBinary, isFitForMostHosts, toSevenBit } from './to-seven-bit.ts';

export type SigningKeys = Omit<SignTask, 'message'>;

export interface SealTask {
  message: Uint8Array;
  /** null: the message is converted, and not signed */
  signer: SigningKeys | null;
  /** somebody else's signature covers it: converted only where few hosts would take it otherwise */
  asItCame?: boolean;
}

export interface SealedLetter {
  /** fit for all hosts, as far as it can be */
  message: Buffer;
  /** DKIM-Signature fields with their line ends; "" for none */
  signature: string;
  /** why one is missing in spite of a key */
  fault?: unknown;
}

/** What hosts on the way might have to convert is converted before it is signed (RFC 6376 section 5.3). */
export function sealLetter({ message: given, signer, asItCame = false }: SealTask): SealedLetter {
  const letter = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const stays = asItCame && isFitForMostHosts(letter) && !isBinary(letter);
  const message = stays ? letter : toSevenBit(letter, { keepSigned: true });
  return signer ? { message, ...makeSignature({ ...signer, message }) } : { message, signature: '' };
}
