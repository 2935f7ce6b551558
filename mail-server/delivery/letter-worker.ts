import { indexMessage } from '../../lib/mime/index-message.ts';
import type { MessageIndex } from '../../lib/mime/message-index.ts';
import { extractFeatures, type Original } from '../spam/extract-features.ts';
import type { LetterFeatures } from '../spam/letter-features.ts';
import { findProgram } from '../spam/find-program.ts';
import { readReport, type ReportReading } from '../reports/read-report.ts';
import { type CheckedScript, checkScript, type ScriptCheck } from '../sieve/check-script.ts';
import { storableText, type StorableText } from '../store/storable-text.ts';
import { makeChainLink, type ChainTask } from './signing/make-chain-link.ts';
import { readLetter } from './read-letter.ts';
import { runScriptTask, type ScriptResult, type ScriptTask } from './rules/script-task.ts';
import { type SealedLetter, sealLetter, type SealTask } from './signing/seal-letter.ts';
import { toSevenBit } from './signing/to-seven-bit.ts';
import { verifySignatures, type VerifiedSignatures, type VerifyTask } from './authenticity/verify-signatures.ts';

export type LetterTask =
  | { kind: 'index'; raw: Uint8Array }
  | { kind: 'report'; raw: Uint8Array }
  | { kind: 'features' | 'incoming'; raw: Uint8Array; original: Original | null }
  | ({ kind: 'verify' } & VerifyTask)
  | ({ kind: 'chain' } & ChainTask)
  | ({ kind: 'seal' } & SealTask)
  | ({ kind: 'rules' } & ScriptTask)
  | ({ kind: 'check' } & ScriptCheck)
  | { kind: 'convert'; message: Uint8Array };
/** The text travels once, in the form in which it is stored; that of the index is empty. */
export interface IndexedLetter {
  index: MessageIndex;
  text: StorableText;
  program: string | null;
}
export type LetterResult =
  | { reading: ReportReading }
  | { features: LetterFeatures }
  | IndexedLetter
  | (IndexedLetter & { features: LetterFeatures })
  | VerifiedSignatures
  | SealedLetter
  | { message: Uint8Array }
  | ScriptResult
  | { checked: CheckedScript }
  | { link: string };

/** What is computed from the bytes of a letter, beside the event loop; started by letter-work.ts. */
export default async function work(task: LetterTask): Promise<LetterResult> {
  if (task.kind === 'verify') return verifySignatures(task);
  if (task.kind === 'seal') return sealLetter(task);
  if (task.kind === 'convert')
    return { message: toSevenBit(Buffer.from(task.message.buffer, task.message.byteOffset, task.message.byteLength)) };
  if (task.kind === 'check') return { checked: checkScript(task) };
  if (task.kind === 'rules') return runScriptTask(task);
  if (task.kind === 'chain') return { link: await makeChainLink(task) };
  const raw = Buffer.from(task.raw.buffer, task.raw.byteOffset, task.raw.byteLength);
  if (task.kind === 'report') return { reading: readReport(raw) };
  if (task.kind === 'features') return { features: extractFeatures(raw, task.original) };
  if (task.kind === 'index') return indexed(raw, indexMessage(raw));
  const { index, features } = readLetter(raw, task.original);
  return { ...indexed(raw, index), features };
}

const indexed = (raw: Buffer, index: MessageIndex): IndexedLetter => ({
  index: { ...index, text: '' },
  text: storableText(index),
  program: findProgram(raw, index.parts),
});
