import type { ArgumentNode, CommandNode, StringNode, TestNode } from '../language/syntax.ts';
import type { SieveLimits } from '../limits.ts';
import type { Step, Test, Text, TextList } from './program.ts';
import type { Project } from './project.ts';

/** What a command or test sees of the script that is being compiled. Commands import this and never the compiler, which imports them. */
export interface Compiling {
  readonly project: Project;
  /** name of an included script, empty for the main one */
  readonly script: string;
  /** variables that `global` named here */
  readonly globals: Set<string>;
  /** variables of this script alone that stood somewhere already */
  readonly locals: Set<string>;
  /** names of the foreverypart loops around the place that is being compiled; null has no name */
  readonly loops: (string | null)[];
  readonly limits: SieveLimits;
  uses(extension: string): boolean;
  /** Takes an extension into use; false if there is none of that name. */
  take(name: string): boolean;
  fault(line: number, sentence: string): void;
  warn(line: number, sentence: string): void;
  chargeRegex(size: number): void;
  block(nodes: readonly CommandNode[]): Step;
  test(node: TestNode): Test;
  text(node: StringNode): Text;
  textList(node: ArgumentNode | null, line: number): TextList;
}
