import type { Script } from './compile.ts';
import type { Letter } from './letter/letter.ts';
import type { SieveLimits } from './limits.ts';
import type { Outcome } from './run/actions.ts';
import { Answers, Unanswered } from './run/answers.ts';
import type { Environment, RunEnvironment } from './run/environment.ts';
import { Run } from './run/run.ts';
import { RunTimeError, TooMuch } from './script-error.ts';

/**
 * Decides what becomes of a letter. Nothing is done: the caller carries the actions out, in the transaction of the delivery, and asks its
 * memory there whether a vacation answer was sent already. A script that fails ends in the implicit keep.
 */
export async function execute(script: Script, letter: Letter, environment: Environment, limits = script.limits): Promise<Outcome> {
  const answers = new Answers();
  for (;;) {
    try {
      return executeOnce(script, letter, environment, answers, limits);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      if (answers.size >= limits.lookups) return failed(letter, 1, `the script asks for more than ${limits.lookups} things`, '');
      await answers.add(error.question, environment);
    }
  }
}

/** Throws Unanswered where something has to be looked up first. */
export function executeOnce(
  script: Script,
  letter: Letter,
  environment: RunEnvironment,
  answers: Answers,
  limits: SieveLimits = script.limits,
): Outcome {
  try {
    const run = new Run(letter, environment, limits, answers);
    script.run(run);
    return {
      actions: run.actions.all,
      implicitKeep: run.actions.cancelsKeep ? null : run.implicitKeep(),
      failure: null,
      tooMuch: false,
    };
  } catch (error) {
    if (error instanceof TooMuch) return { ...failed(letter, 1, error.message, ''), tooMuch: true };
    if (error instanceof RunTimeError) return failed(letter, error.line, error.message, error.script);
    throw error;
  }
}

/** What becomes of a letter whose script failed. */
export function failed(letter: Letter, line: number, sentence: string, script: string): Outcome {
  return {
    actions: [],
    implicitKeep: { kind: 'keep', flags: [], header: letter.header },
    failure: { line, sentence, script },
    tooMuch: false,
  };
}
