import type { Call } from './call.ts';
import type { Step, Test } from './program.ts';
import type { CallSyntax } from './syntax-of-call.ts';

/** How a command or test is written, and how a call of it becomes something that runs. */
export interface Specification<Result> extends CallSyntax {
  compile(call: Call): Result;
}

export type CommandSpecification = Specification<Step>;
export type TestSpecification = Specification<Test>;
