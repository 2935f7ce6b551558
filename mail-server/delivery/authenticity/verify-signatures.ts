import { arc as verifyChain, dkimVerify } from 'mailauth';
import { recordTags } from '../../../lib/dkim/key-record.ts';

/** What the DNS said of a key: the TXT records, or the error code of node:dns. */
export type KeyAnswer = { records: string[][] } | { code: string };

export interface VerifyTask {
  /** what the signatures cover: header, empty line, body */
  message: Uint8Array;
  /** answers by name, asked before: whatever a name server does, this computes and never waits */
  keys: ReadonlyMap<string, KeyAnswer>;
}

export interface VerifiedSignature {
  result: string;
  domain: string;
  selector: string;
}

export interface VerifiedSignatures {
  dkim: VerifiedSignature[];
  arc: string | null;
}

/** A signature by such a key is as none, whether it holds or not (RFC 6376 section 3.6.1). */
const isOnTrial = (answer: KeyAnswer | undefined): boolean =>
  answer !== undefined &&
  'records' in answer &&
  answer.records.some((pieces) => recordTags(pieces.join('')).get('t')?.toLowerCase().split(':').includes('y'));

/** DKIM and ARC of a message (RFC 6376, 8617), from bytes and keys alone. */
export async function verifySignatures({ message, keys }: VerifyTask): Promise<VerifiedSignatures> {
  const resolver = async (name: string): Promise<string[][]> => {
    const answer = keys.get(name.toLowerCase());
    if (answer && 'records' in answer) return answer.records;
    throw Object.assign(new Error('no answer'), { code: answer?.code ?? 'ESERVFAIL' });
  };
  const options = { resolver, minBitLength: 1024, rejectRsaSha1: true };
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const verified = await dkimVerify(bytes, { ...options, sender: 'nobody@invalid' });
  const { arc } = verified;
  const chain = arc?.chain ? await verifyChain({ ...arc, chain: arc.chain }, options) : null;
  const dkim = (verified.results ?? []).map(({ signingDomain, selector = '', status, bodyHash, bodyHashExpecting }) => {
    const domain = (signingDomain ?? '').toLowerCase().replace(/\.$/, '');
    // the library calls a changed body neutral; it fails a test (RFC 8601 section 2.7.1)
    const tested = status.result === 'neutral' && bodyHash && bodyHashExpecting && bodyHash !== bodyHashExpecting ? 'fail' : status.result;
    // the signature of a part of the body lets anybody write the rest (RFC 6376 section 8.2)
    const result = tested === 'pass' && (status.underSized ?? 0) > 0 ? 'policy' : tested;
    return { result: isOnTrial(keys.get(`${selector}._domainkey.${domain}`.toLowerCase())) ? 'none' : result, domain, selector };
  });
  return { dkim, arc: chain?.status.result ?? null };
}
