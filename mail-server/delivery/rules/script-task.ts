import { executeOnce } from '../../sieve/execute.ts';
import { Letter } from '../../sieve/letter/letter.ts';
import type { SieveLimits } from '../../sieve/limits.ts';
import { Answers, type KnownAnswers, type Question, Unanswered } from '../../sieve/run/answers.ts';
import type { Surroundings } from '../../sieve/run/environment.ts';
import { type PackedOutcome, packOutcome } from '../../sieve/run/packed-outcome.ts';
import { ScriptCache, type ScriptSet } from '../../sieve/script-cache.ts';
import { type Fault, ScriptError } from '../../sieve/script-error.ts';
import { zoneOf } from './zone-of.ts';

/** A script and a letter, for a worker. */
export interface ScriptTask {
  message: Uint8Array;
  scripts: ScriptSet;
  limits: SieveLimits;
  surroundings: Surroundings;
  timeZone: string;
  /** what was looked up so far */
  answers: KnownAnswers;
}

/** What the script decided, what has to be looked up before it can, or why it is none. */
export type ScriptResult = { outcome: PackedOutcome } | { question: Question } | { faults: readonly Fault[] };

let compiled: ScriptCache | null = null;

export function runScriptTask({ message, scripts, limits, surroundings, timeZone, answers }: ScriptTask): ScriptResult {
  compiled ??= new ScriptCache(limits);
  const script = compiled.get(scripts);
  if (script instanceof ScriptError) return { faults: script.faults };
  const letter = new Letter(Buffer.from(message.buffer, message.byteOffset, message.byteLength));
  try {
    const outcome = executeOnce(script, letter, { ...surroundings, zoneMinutes: zoneOf(timeZone) }, new Answers(answers), limits);
    return { outcome: packOutcome(outcome, letter.header) };
  } catch (error) {
    if (error instanceof Unanswered) return { question: error.question };
    throw error;
  }
}
