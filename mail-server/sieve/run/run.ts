import type { Variable } from '../compile/variable.ts';
import type { Entity } from '../../../lib/mime/entity.ts';
import type { Header } from '../letter/header.ts';
import { type Letter, withDescendants } from '../letter/letter.ts';
import type { SieveLimits } from '../limits.ts';
import { RunTimeError, TooMuch } from '../script-error.ts';
import type { Action, Keep } from './actions.ts';
import type { RunEnvironment } from './environment.ts';
import { ActionList } from './action-list.ts';
import type { Answers } from './answers.ts';

/** One run of a script for one letter: everything that changes while it runs. */
export class Run {
  readonly letter: Letter;
  readonly environment: RunEnvironment;
  readonly limits: SieveLimits;
  readonly actions: ActionList;
  readonly answers: Answers;
  /** header of the letter with what editheader did so far */
  header: Header;
  /** flags that keep and fileinto take when they are given none (RFC 5232 section 2) */
  flags: readonly string[] = [];
  /** the part that foreverypart looks at */
  part: Entity | null = null;
  /** name of the included script that runs, for sentences */
  script = '';
  /** scripts that include :once must not run again */
  readonly included = new Set<string>();
  /** addresses that a notification goes to already */
  readonly notified = new Set<string>();
  private readonly globals = new Map<string, string>();
  private locals = new Map<string, string>();
  private matchValues: readonly string[] = [];
  private steps = 0;
  private edits = 0;
  private nextLook = STEPS_BETWEEN_LOOKS;
  private readonly deadline: number;

  constructor(letter: Letter, environment: RunEnvironment, limits: SieveLimits, answers: Answers) {
    this.letter = letter;
    this.environment = environment;
    this.limits = limits;
    this.answers = answers;
    this.actions = new ActionList(limits);
    this.header = letter.header;
    this.deadline = performance.now() + limits.milliseconds;
  }

  /** Counts work; ends a run that takes too much of it, or too long. */
  spend(steps: number): void {
    this.steps += steps;
    if (this.steps < this.nextLook) return;
    this.nextLook = this.steps + STEPS_BETWEEN_LOOKS;
    if (this.steps > this.limits.steps || performance.now() > this.deadline) throw new TooMuch();
  }

  scope({ global }: Variable): Map<string, string> {
    return global ? this.globals : this.locals;
  }

  set(variable: Variable, value: string, line: number): void {
    const scope = this.scope(variable);
    if (!scope.has(variable.name) && scope.size >= this.limits.variables) {
      this.fail(line, `there are more than ${this.limits.variables} variables`);
    }
    scope.set(variable.name, this.cut(value));
  }

  /** Puts a header in place of the one that editheader was to change. */
  edit(header: Header, line: number): void {
    if (++this.edits > this.limits.headerEdits) this.fail(line, `more than ${this.limits.headerEdits} changes of the header`);
    this.header = header;
  }

  /** Runs what an include names, with variables and match values of its own. */
  within<Result>(script: string, work: () => Result): Result {
    const outer = { script: this.script, locals: this.locals, matchValues: this.matchValues };
    this.script = script;
    this.locals = new Map();
    this.matchValues = [];
    try {
      return work();
    } finally {
      this.script = outer.script;
      this.locals = outer.locals;
      this.matchValues = outer.matchValues;
    }
  }

  /** A string with variables in it. It may be longer than a variable, but variables in it many times must not make it grow without end. */
  join(pieces: readonly ((run: Run) => string)[]): string {
    let result = '';
    for (const piece of pieces) {
      result += piece(this);
      if (result.length > this.limits.stringLength) return result.slice(0, this.limits.stringLength).toWellFormed();
    }
    return result;
  }

  /** A value as long as a variable may be, never cut inside a character. */
  cut(value: string): string {
    const { variableBytes } = this.limits;
    if (value.length * 3 <= variableBytes || Buffer.byteLength(value) <= variableBytes) return value;
    const bytes = Buffer.from(value.slice(0, variableBytes)).subarray(0, variableBytes);
    let end = bytes.length;
    while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
    return bytes.toString('utf8', 0, end).replace(/\ufffd$/, '');
  }

  matchValue(index: number): string {
    return this.matchValues[index] ?? '';
  }

  setMatchValues(values: readonly string[]): void {
    this.matchValues = values.map((value) => this.cut(value));
  }

  /** Work that must leave the match values as they were. */
  withoutMatchValues<Result>(work: () => Result): Result {
    const before = this.matchValues;
    try {
      return work();
    } finally {
      this.matchValues = before;
    }
  }

  /** What foreverypart goes through: the whole letter, inside another one what is inside its part (RFC 5703 section 3). */
  *partsToVisit(): Generator<Entity> {
    const start = this.part ?? this.letter.root;
    const inside = this.part !== null;
    for (const entity of withDescendants(start)) if (!inside || entity !== start) yield entity;
  }

  act(action: Action, line: number): void {
    this.actions.add(action, (sentence) => this.fail(line, sentence));
  }

  fail(line: number, sentence: string): never {
    throw new RunTimeError(line, sentence, this.script);
  }

  /** What happens when no action cancels it; takes the flags and the header as they are in the end. */
  implicitKeep(): Keep {
    return { kind: 'keep', flags: this.flags, header: this.header };
  }
}

const STEPS_BETWEEN_LOOKS = 256;
