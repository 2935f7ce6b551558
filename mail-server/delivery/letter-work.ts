import { availableParallelism } from 'node:os';
import { asBuffer } from '../../lib/workers/as-buffer.ts';
import { TaskFailure } from '../../lib/workers/task-failure.ts';
import { openWorkerPool } from '../../lib/workers/worker-pool.ts';
import { indexMessage } from '../../lib/mime/index-message.ts';
import type { MessageIndex } from '../../lib/mime/message-index.ts';
import { extractFeatures, type Original } from '../spam/extract-features.ts';
import { findProgram } from '../spam/find-program.ts';
import type { LetterFeatures } from '../spam/letter-features.ts';
import type { ReportReading } from '../reports/read-report.ts';
import { type CheckedScript, checkScript, type ScriptCheck } from '../sieve/check-script.ts';
import { isQuick } from '../sieve/script-cache.ts';
import { rememberText } from '../store/storable-text.ts';
import type { IndexedLetter, LetterResult, LetterTask } from './letter-worker.ts';
import { mostLookedAt, readLetter } from './read-letter.ts';
import { makeChainLink, type ChainTask } from './signing/make-chain-link.ts';
import type { ScriptResult, ScriptTask } from './rules/script-task.ts';
import { type SealedLetter, sealLetter, type SealTask } from './signing/seal-letter.ts';
import { toSevenBit } from './signing/to-seven-bit.ts';
import { verifySignatures, type VerifiedSignatures, type VerifyTask } from './authenticity/verify-signatures.ts';

/**
 * Smaller letters are worked on at once: that takes some milliseconds at the most, whatever stands in them (tests/unit/cost-gate.test.ts),
 * which is less than a copy to a worker and back costs all others.
 */
const inlineBytes = 64 * 1024;

/** One pool for what is computed from letters. Whoever sends many takes turns with whoever sends one. */
const pool = openWorkerPool<LetterTask, LetterResult>({
  file: 'mail-server/delivery/letter-worker.ts',
  // each of them is some 100 MB, of its letter not to speak: a machine of many processors may give a container little memory
  workers: Math.min(8, Math.max(2, availableParallelism() - 1)),
  // below the time limit of the checks (check-authenticity.ts), so that a letter which costs more has its fate, and no second try
  deadlineMs: 15_000,
  // a letter is neither hostile nor impossible to take apart because the machine is busy with other things
  patienceMs: 120_000,
  memoryMb: 512,
  waiting: 500,
});

/** Indexes a message without holding up the event loop. Rejects with TaskFailure if it cannot be done in time. */
export async function indexIncoming(raw: Buffer, party: string): Promise<MessageIndex> {
  if (raw.length <= inlineBytes) return indexMessage(raw);
  const result = await pool.run({ kind: 'index', raw }, { party });
  if (!('index' in result)) throw new Error('not an index');
  return remembered(result);
}

/** Both of a letter that comes from elsewhere, beside the event loop where that takes long. */
export async function readIncoming(
  raw: Buffer,
  party: string,
  original: Original | null = null,
): Promise<{ index: MessageIndex; features: LetterFeatures | null }> {
  if (raw.length <= inlineBytes) return readLetter(raw, original);
  const result = await pool.run({ kind: 'incoming', raw, original }, { party }).catch(nullUnlessBusy);
  if (result && 'index' in result && 'features' in result) return { index: remembered(result), features: result.features };
  // what takes too long for both has the time of both
  const [index, features] = await Promise.all([indexIncoming(raw, party), featuresOf(raw, party, original)]);
  return { index, features };
}

/**
 * What the spam filter sees in a letter; null if that cannot be found out in time, and then the letter is delivered without. Where too many wait
 * (Busy) it is nobody's fault, and the letter comes again.
 */
export async function featuresOf(raw: Buffer, party: string, original: Original | null = null): Promise<LetterFeatures | null> {
  if (raw.length <= inlineBytes) return extractFeatures(raw, original);
  // what is behind the first text is seldom read by the filter, and large attachments need not travel
  const seen = raw.subarray(0, mostLookedAt);
  const result = await pool.run({ kind: 'features', raw: seen, original }, { party }).catch(nullUnlessBusy);
  return result && 'features' in result ? result.features : null;
}

function nullUnlessBusy(error: unknown): null {
  if (error instanceof TaskFailure && error.code === 'Busy') throw error;
  return null;
}

/** By the part map of letters that were indexed in a worker. */
const programs = new WeakMap<Buffer, string | null>();

/** The program that a letter brings (find-program.ts): what was signed has to be unpacked for that, so a large letter is looked through where it is indexed. */
export function programIn(raw: Buffer, { parts }: Pick<MessageIndex, 'parts'>): string | null {
  const found = programs.get(parts);
  return found === undefined ? findProgram(raw, parts) : found;
}

/** What a letter to the address for reports holds. Always in a worker: a few bytes of an archive may be many. */
export async function readReportInWorker(raw: Buffer, party: string): Promise<ReportReading> {
  const result = await pool.run({ kind: 'report', raw }, { party });
  if (!('reading' in result)) throw new Error('not a report');
  return result.reading;
}

export async function verifyInWorker(task: VerifyTask, party: string): Promise<VerifiedSignatures> {
  if (task.message.length <= inlineBytes) return verifySignatures(task);
  const result = await pool.run({ ...task, kind: 'verify' }, { party });
  if (!('dkim' in result)) throw new Error('not a result of signatures');
  return result;
}

export async function sealInWorker(task: SealTask, party: string): Promise<SealedLetter> {
  if (task.message.length <= inlineBytes) return sealLetter(task);
  const result = await pool.run({ ...task, kind: 'seal' }, { party });
  if (!('signature' in result)) throw new Error('not a sealed letter');
  return { ...result, message: asBuffer(result.message) };
}

/** The message for a host that takes seven bits only. Rejects with TaskFailure if it cannot be done in time. */
export async function convertInWorker(message: Buffer, party: string): Promise<Buffer> {
  if (message.length <= inlineBytes) return toSevenBit(message);
  const result = await pool.run({ kind: 'convert', message }, { party });
  if (!('message' in result)) throw new Error('not a letter');
  return asBuffer(result.message);
}

export async function chainInWorker(task: ChainTask, party: string): Promise<string> {
  if (task.message.length <= inlineBytes) return makeChainLink(task);
  const result = await pool.run({ ...task, kind: 'chain' }, { party });
  if (!('link' in result)) throw new Error('not a link of a chain');
  return result.link;
}

/** Rules that take longer than this process may be held up. Rejects with TaskFailure if they cannot be applied in time. */
export async function decideInWorker(task: ScriptTask, party: string): Promise<ScriptResult> {
  const result = await pool.run({ ...task, kind: 'rules' }, { party });
  if (!('outcome' in result || 'question' in result || 'faults' in result)) throw new Error('not what a script decided');
  return result;
}

/** What a person should know of a script that is to be saved. Rejects with TaskFailure if that cannot be found out in time. */
export async function checkInWorker(check: ScriptCheck, party: string): Promise<CheckedScript> {
  if (isQuick({ active: check.name, contents: new Map([...check.others, [check.name, check.content]]) })) return checkScript(check);
  const result = await pool.run({ ...check, kind: 'check' }, { party });
  if (!('checked' in result)) throw new Error('not a script that was checked');
  return result.checked;
}

/** What a worker made of bytes may come as plain Uint8Arrays. */
function remembered({ index: plain, text, program }: IndexedLetter): MessageIndex {
  const { envelope, body, bodystructure, parts } = plain;
  const index = {
    ...plain,
    envelope: asBuffer(envelope),
    body: asBuffer(body),
    bodystructure: asBuffer(bodystructure),
    parts: asBuffer(parts),
  };
  rememberText(index, { ...text, text: asBuffer(text.text) });
  programs.set(index.parts, program);
  return index;
}
