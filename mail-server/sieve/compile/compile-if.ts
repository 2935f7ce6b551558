import type { CommandNode } from '../language/syntax.ts';
import type { Compiling } from './compiling.ts';
import type { Step, Test } from './program.ts';

export const isBranch = (node: CommandNode | undefined): boolean => node?.name === 'elsif' || node?.name === 'else';

/** if, elsif and else (RFC 5228 section 3.1). A branch that can never be taken may hold what is not known here (RFC 5463 section 4). */
export function compileIf(compiler: Compiling, nodes: readonly CommandNode[]): Step {
  const branches: { test: Test | null; block: Step }[] = [];
  let decided = false;
  let ended = false;
  for (const node of nodes) {
    if (ended) compiler.fault(node.line, `${node.name} must follow an if or elsif`);
    ended = node.name === 'else';
    checkShape(compiler, node);
    if (decided) continue;
    const [condition] = node.tests;
    const test = node.name === 'else' || condition === undefined ? null : compiler.test(condition);
    if (test?.constant === false) continue;
    branches.push({ test, block: compiler.block(node.block ?? []) });
    decided = test === null || test.constant === true;
  }
  return (run) => {
    for (const { test, block } of branches) {
      if (test !== null) run.spend(1);
      if (test === null || test.check(run)) return block(run);
    }
    return undefined;
  };
}

function checkShape(compiler: Compiling, node: CommandNode): void {
  const [first] = node.arguments;
  if (first) compiler.fault(first.kind === 'tag' ? first.line : node.line, `the ${node.name} command takes no arguments`);
  const wanted = node.name === 'else' ? 0 : 1;
  if (node.tests.length !== wanted || node.list) {
    compiler.fault(node.line, wanted === 0 ? 'the else command takes no test' : `the ${node.name} command takes one test`);
  }
  if (node.block === null) compiler.fault(node.line, `the ${node.name} command needs a block of commands`);
}
