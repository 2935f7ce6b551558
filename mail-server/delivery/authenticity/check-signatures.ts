import type { MessageHeader } from '../../../lib/mime/read-header.ts';
import { TaskFailure } from '../../../lib/workers/task-failure.ts';
import type { DnsResolver } from './dns-resolver.ts';
import { verifyInWorker } from '../letter-work.ts';
import { boundedTexts } from './bounded-answer.ts';
import { isCostlyKey } from './costly-key.ts';
import { keyName, signedHeader, type SignedHeader } from './signed-header.ts';
import type { KeyAnswer, VerifiedSignatures } from './verify-signatures.ts';

/** RFC 1035 section 2.3.4 */
const longestName = 253;

export type CheckedSignatures = VerifiedSignatures & {
  /** null: done. 'busy': not begun, try again later. 'hostile': ended at a limit, which no honest letter comes near */
  failure: 'busy' | 'hostile' | null;
};

/** DKIM and ARC of a message. The keys are asked for here; what is computed from them and the message never waits for anybody. */
export async function checkSignatures(
  resolver: DnsResolver,
  content: Buffer,
  header: MessageHeader,
  bodyStart: number,
  party: string,
): Promise<CheckedSignatures> {
  const signed = signedHeader(header);
  const unusable = signed.unusable.map((domain) => ({ result: 'neutral', domain, selector: '' }));
  if (signed.signatures.length === 0 && signed.arc.length === 0) return { dkim: unusable, arc: null, failure: null };
  const keys = await askKeys(resolver, signed);
  const message = Buffer.concat([signed.header, content.subarray(bodyStart)]);
  try {
    const { dkim, arc } = await verifyInWorker({ message, keys }, party);
    return { dkim: [...dkim, ...unusable], arc, failure: null };
  } catch (error) {
    if (!(error instanceof TaskFailure)) throw error;
    const dkim = signed.signatures.map(({ domain, selector }) => ({ result: 'temperror', domain, selector }));
    return { dkim: [...dkim, ...unusable], arc: null, failure: error.code === 'Busy' ? 'busy' : 'hostile' };
  }
}

async function askKeys(resolver: DnsResolver, { signatures, arc }: SignedHeader): Promise<Map<string, KeyAnswer>> {
  const names = [...new Set([...signatures, ...arc].map(keyName))];
  const answers = await Promise.all(names.map((name) => askKey(resolver, name)));
  return new Map(names.map((name, index) => [name, answers[index] ?? { code: 'ESERVFAIL' }]));
}

/** A name that no DNS can hold is one without a key: whoever made it up must not make the result uncertain. */
async function askKey(resolver: DnsResolver, name: string): Promise<KeyAnswer> {
  if (name.length > longestName) return { code: 'ENOTFOUND' };
  try {
    const records = boundedTexts(await resolver.resolve(name, 'TXT')).filter((pieces) => !isCostlyKey(pieces.join('')));
    return records.length > 0 ? { records } : { code: 'ENOTFOUND' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'ESERVFAIL';
    return { code: code === 'EBADNAME' ? 'ENOTFOUND' : code };
  }
}
