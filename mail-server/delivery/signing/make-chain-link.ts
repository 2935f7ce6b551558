import { sealMessage } from 'mailauth';
import { headerEnd } from '../../../lib/mime/read-header.ts';
import { headerToChain } from './header-to-sign.ts';
import type { SigningKey } from './make-signature.ts';

/** With RSA: it is what all who verify chains know. */
export interface ChainTask extends SigningKey {
  message: Uint8Array;
  domain: string;
  /** who says the results */
  hostName: string;
  /** what was found out, in the words of RFC 8601 */
  results: string;
  /** the chain that the letter has was checked here and holds */
  holds: boolean;
}

/**
 * The three fields of a link in an ARC chain (RFC 8617), with their line ends. '' where the chain cannot be continued: one that is broken gets
 * no further link (section 5.1.1), and one that nobody checked here would be broken by ours, which must say whether it holds.
 */
export async function makeChainLink({ message, domain, selector, privateKey, hostName, results, holds }: ChainTask): Promise<string> {
  const content = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const header = headerToChain(content);
  if (!header || (header.isChained && !holds)) return '';
  const covered = Buffer.concat([header.fields, content.subarray(headerEnd(content))]);
  const fields = await sealMessage(covered, {
    signingDomain: domain,
    selector,
    privateKey,
    signTime: new Date(),
    authResults: `${hostName};\r\n ${results}`,
    cv: header.isChained ? 'pass' : 'none',
  });
  return fields.toString('latin1');
}
