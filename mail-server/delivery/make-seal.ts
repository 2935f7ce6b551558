import { sealMessage } from 'mailauth';
import type { SignTask } from './make-signature.ts';

export interface SealTask extends SignTask {
  /** who says the results */
  hostName: string;
  /** what was found out, in the words of RFC 8601 */
  results: string;
}

/** The three fields of a link in an ARC chain (RFC 8617), with their line ends; '' where the chain cannot be continued. */
export async function makeSeal({ message, domain, selector, privateKey, hostName, results }: SealTask): Promise<string> {
  const fields = await sealMessage(Buffer.from(message.buffer, message.byteOffset, message.byteLength), {
    signingDomain: domain,
    selector,
    privateKey,
    signTime: new Date(),
    authResults: `${hostName};\r\n ${results}`,
    cv: /(?:^|; )arc=pass/.test(results) ? 'pass' : 'none',
  });
  return fields.toString('latin1');
}
