import { TaskFailure } from '../../../lib/workers/task-failure.ts';
import { headerEnd } from '../../../lib/mime/read-header.ts';
import { DEFAULT_MIME_LIMITS } from '../../../lib/mime/limits.ts';
import type { Script } from '../../sieve/compile.ts';
import { execute, failed } from '../../sieve/execute.ts';
import { Letter } from '../../sieve/letter/letter.ts';
import type { SieveLimits } from '../../sieve/limits.ts';
import type { Outcome } from '../../sieve/run/actions.ts';
import { Answers } from '../../sieve/run/answers.ts';
import type { Environment } from '../../sieve/run/environment.ts';
import { unpackOutcome } from '../../sieve/run/packed-outcome.ts';
import type { ScriptSet } from '../../sieve/script-cache.ts';
import { TooMuch } from '../../sieve/script-error.ts';
import { decideInWorker } from '../letter-work.ts';

/** The script of a mailbox: compiled here, or null if it is so large that only a worker compiles it. */
export interface ReadyScript {
  script: Script | null;
  scripts: ScriptSet;
  /** of a run in a worker */
  limits: SieveLimits;
}

/** What is looked at of a letter in this process, its header or all of it, is no larger. */
const inlineBytes = 64 * 1024;
/** Steps and time of a run in this process. No step takes longer than the run may: regular expressions say beforehand what they cost. */
const inlineSteps = 30_000;
const inlineMilliseconds = 20;

/** A letter of which the rules look at the header, and at the rest where that is small. */
export const ruledLetter = (raw: Buffer): Letter => new Letter(raw, DEFAULT_MIME_LIMITS, inlineBytes);

/**
 * Applies a script to a letter. Nearly all are done in well under a millisecond here; what turns out to take more begins anew in a worker,
 * so that nobody's rules hold up the letters of others. `letter` is a ruledLetter.
 */
export async function runScript(
  ready: ReadyScript,
  letter: Letter,
  environment: Environment,
  timeZone: string,
  party: string,
): Promise<Outcome> {
  if (ready.script !== null && headerEnd(letter.raw) <= inlineBytes) {
    const limits = { ...ready.limits, steps: inlineSteps, milliseconds: inlineMilliseconds };
    const outcome = await execute(ready.script, letter, environment, limits);
    if (!outcome.tooMuch) return outcome;
  }
  return runInWorker(ready, letter, environment, timeZone, party);
}

async function runInWorker(
  { scripts, limits }: ReadyScript,
  letter: Letter,
  environment: Environment,
  timeZone: string,
  party: string,
): Promise<Outcome> {
  const answers = new Answers();
  const { mailboxes: _, metadata: __, seenBefore: ___, zoneMinutes: ____, ...surroundings } = environment;
  try {
    while (answers.size <= limits.lookups) {
      const task = { message: letter.raw, scripts, limits, surroundings, timeZone, answers: answers.all() };
      const result = await decideInWorker(task, party);
      if ('outcome' in result) return unpackOutcome(result.outcome, letter.header);
      if ('faults' in result) {
        const [{ line, sentence, script } = { line: 1, sentence: 'the script is not valid', script: '' }] = result.faults;
        return failed(letter, line, sentence, script);
      }
      await answers.add(result.question, environment);
    }
    return failed(letter, 1, `the script asks for more than ${limits.lookups} things`, '');
  } catch (error) {
    // no worker to be had, or the server is being stopped: nothing is wrong with these rules, and they count when the letter comes again
    if (!(error instanceof TaskFailure) || error.code === 'Busy') throw error;
    return failed(letter, 1, new TooMuch().message, '');
  }
}
