import { indexMessage } from '../../lib/mime/index-message.ts';
import type { MessageIndex } from '../../lib/mime/message-index.ts';
import { extractFeatures } from '../spam/extract-features.ts';
import type { LetterFeatures } from '../spam/letter-features.ts';
import { storableText, type StorableText } from '../store/storable-text.ts';
import { makeSeal, type SealTask } from './make-seal.ts';
import { makeSignature, type SignTask } from './make-signature.ts';
import { verifySignatures, type VerifiedSignatures, type VerifyTask } from './verify-signatures.ts';

export type LetterTask =
  | { kind: 'index' | 'features'; raw: Uint8Array }
  | ({ kind: 'verify' } & VerifyTask)
  | ({ kind: 'sign' } & SignTask)
  | ({ kind: 'seal' } & SealTask);
export type LetterResult =
  | { features: LetterFeatures }
  | { index: MessageIndex; text: StorableText }
  | VerifiedSignatures
  | { signature: string };

/** What is computed from the bytes of a letter, beside the event loop; started by letter-work.ts. */
export default async function work(task: LetterTask): Promise<LetterResult> {
  if (task.kind === 'verify') return verifySignatures(task);
  if (task.kind === 'seal') return { signature: await makeSeal(task) };
  if (task.kind === 'sign') return { signature: await makeSignature(task) };
  const raw = Buffer.from(task.raw.buffer, task.raw.byteOffset, task.raw.byteLength);
  if (task.kind === 'features') return { features: extractFeatures(raw) };
  const index = indexMessage(raw);
  // the text travels once, in the form in which it is stored
  return { index: { ...index, text: '' }, text: storableText(index) };
}
