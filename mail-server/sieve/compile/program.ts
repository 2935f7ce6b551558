import type { Run } from '../run/run.ts';

/** What a command leaves to be done next: nothing, end the script, go back from an include, or leave a foreverypart of that name. */
export type Flow = undefined | 'stop' | 'return' | { leave: string | null };

export type Step = (run: Run) => Flow;

export interface Test {
  /** the answer when it is the same for every letter; blocks that can never run are not looked into (`if not ihave …`) */
  constant: boolean | null;
  check(run: Run): boolean;
}

/** A string of the script; with variables in it, it has a value only in a run. */
export interface Text {
  constant: string | null;
  line: number;
  read(run: Run): string;
}

export interface TextList {
  constant: readonly string[] | null;
  line: number;
  /** where each of them stands */
  lines: readonly number[];
  read(run: Run): readonly string[];
}

export const always = (answer: boolean): Test => ({ constant: answer, check: () => answer });
export const test = (check: (run: Run) => boolean): Test => ({ constant: null, check });
export const fixed = (text: string, line: number): Text => ({ constant: text, line, read: () => text });
