import type { Script } from './compile.ts';
import type { Letter } from './letter/letter.ts';
import type { Outcome } from './run/actions.ts';
import { Answers, Unanswered } from './run/answers.ts';
import type { Environment } from './run/environment.ts';
import { Run } from './run/run.ts';
import { RunTimeError } from './script-error.ts';

/**
 * Decides what becomes of a letter. Nothing is done: the caller carries the actions out, in the transaction of the delivery, and asks its
 * memory there whether a vacation answer was sent already. A script that fails ends in the implicit keep.
 */
export async function execute(script: Script, letter: Letter, environment: Environment): Promise<Outcome> {
  const answers = new Answers();
  for (;;) {
    try {
      return runOnce(script, letter, environment, answers);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      if (answers.size >= script.limits.lookups)
        return failed(letter, 1, `the script asks for more than ${script.limits.lookups} things`, '');
      await answers.add(error);
    }
  }
}

function runOnce(script: Script, letter: Letter, environment: Environment, answers: Answers): Outcome {
  const run = new Run(letter, environment, script.limits, answers);
  try {
    script.run(run);
  } catch (error) {
    if (!(error instanceof RunTimeError)) throw error;
    return failed(letter, error.line, error.message, error.script);
  }
  return { actions: run.actions.all, implicitKeep: run.actions.cancelsKeep ? null : run.implicitKeep(), failure: null };
}

function failed(letter: Letter, line: number, sentence: string, script: string): Outcome {
  return {
    actions: [],
    implicitKeep: { kind: 'keep', flags: [], header: letter.headerOf(letter.root) },
    failure: { line, sentence, script },
  };
}
