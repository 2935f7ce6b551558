import { withImplied, isExtension } from '../language/extensions.ts';
import type { ArgumentNode, CommandNode, StringNode, TestNode } from '../language/syntax.ts';
import type { Fault } from '../script-error.ts';
import type { SieveLimits } from '../limits.ts';
import { commands } from '../commands/index.ts';
import { tests } from '../tests/index.ts';
import { Call } from './call.ts';
import { compileIf, isBranch } from './compile-if.ts';
import { compileText } from './compile-text.ts';
import type { Compiling } from './compiling.ts';
import type { Project } from './project.ts';
import { always, type Flow, type Step, type Test, type Text, type TextList } from './program.ts';
import type { Run } from '../run/run.ts';

/** Checks one script and turns it into what runs. Faults are collected, so that a person sees them all at once. */
export class Compiler implements Compiling {
  readonly project: Project;
  readonly script: string;
  readonly globals = new Set<string>();
  readonly locals = new Set<string>();
  readonly loops: (string | null)[] = [];
  private readonly extensions = new Set<string>();
  /** lines of the extensions that require names */
  private readonly required = new Map<string, number>();

  constructor(project: Project, script: string) {
    this.project = project;
    this.script = script;
  }

  get limits(): SieveLimits {
    return this.project.limits;
  }

  uses(extension: string): boolean {
    return this.extensions.has(extension);
  }

  take(name: string): boolean {
    if (!isExtension(name)) return false;
    for (const one of withImplied(name)) this.extensions.add(one);
    return true;
  }

  fault(line: number, sentence: string): void {
    const fault: Fault = { line, sentence, script: this.script };
    this.project.faults.push(fault);
  }

  chargeRegex(size: number): void {
    this.project.regexSize += size;
  }

  warn(line: number, sentence: string): void {
    const { warnings } = this.project;
    if (warnings.length < this.limits.faults) warnings.push({ line, sentence, script: this.script });
  }

  main(nodes: readonly CommandNode[]): Step {
    let at = 0;
    while (nodes[at]?.name === 'require') this.require(nodes[at++]);
    for (const [extension, needed] of NEEDED) {
      const line = this.required.get(extension);
      if (line !== undefined && !this.uses(needed)) this.fault(line, `require "${extension}" needs require "${needed}"`);
    }
    return this.block(nodes.slice(at));
  }

  block(nodes: readonly CommandNode[]): Step {
    const steps: Step[] = [];
    for (let at = 0; at < nodes.length; at++) {
      const node = nodes[at];
      if (node === undefined || this.project.faults.length >= this.limits.faults) break;
      if (node.name === 'if') {
        const branches = [node];
        while (isBranch(nodes[at + 1])) branches.push(...nodes.slice(++at, at + 1));
        steps.push(compileIf(this, branches));
      } else steps.push(this.command(node));
    }
    return sequence(steps);
  }

  test(node: TestNode): Test {
    const specification = Object.hasOwn(tests, node.name) ? tests[node.name] : undefined;
    if (specification === undefined || !this.knows(specification.extensions)) {
      this.fault(node.line, unknown('test', node.name, specification?.extensions));
      return always(false);
    }
    const call = new Call(this, node, specification, 'test');
    this.checkTests(call, specification.tests ?? 'none', 'test');
    return call.valid ? specification.compile(call) : always(false);
  }

  text(node: StringNode): Text {
    return compileText(this, node);
  }

  textList(node: ArgumentNode | null, line: number): TextList {
    const texts = (node?.kind === 'list' ? node.items : node?.kind === 'string' ? [node] : []).map((item) => this.text(item));
    const place = { line: node?.line ?? line, lines: texts.map((text) => text.line) };
    if (texts.every(({ constant }) => constant !== null)) {
      const constant = texts.map((text) => text.constant ?? '');
      return { constant, ...place, read: () => constant };
    }
    return { constant: null, ...place, read: (run) => texts.map((text) => text.read(run)) };
  }

  private command(node: CommandNode): Step {
    if (node.name === 'require') this.fault(node.line, 'require may only stand at the beginning of the script');
    else if (isBranch(node)) this.fault(node.line, `${node.name} must follow an if or elsif`);
    else {
      const specification = Object.hasOwn(commands, node.name) ? commands[node.name] : undefined;
      if (specification !== undefined && this.knows(specification.extensions)) {
        const call = new Call(this, node, specification, 'command');
        this.checkTests(call, specification.tests ?? 'none', 'command');
        if (specification.block && node.block === null) call.fault(`the ${node.name} command needs a block of commands`);
        if (!specification.block && node.block !== null) call.fault(`the ${node.name} command takes no block of commands`);
        return call.valid ? specification.compile(call) : nothing;
      }
      this.fault(node.line, unknown('command', node.name, specification?.extensions));
    }
    return nothing;
  }

  private checkTests(call: Call, wanted: 'none' | 'one' | 'list', kind: string): void {
    const { name, tests: given, list } = call.node;
    if (wanted === 'none' && given.length > 0) call.fault(`the ${name} ${kind} takes no test: a semicolon may be missing`);
    if (wanted === 'one' && (given.length !== 1 || list)) call.fault(`the ${name} ${kind} takes one test`);
    if (wanted === 'list' && (given.length === 0 || !list)) call.fault(`the ${name} ${kind} takes tests in parentheses`);
  }

  private knows(extensions: readonly string[] | undefined): boolean {
    return extensions === undefined || extensions.some((extension) => this.uses(extension));
  }

  private require(node: CommandNode | undefined): void {
    if (node === undefined) return;
    const call = new Call(this, node, { positional: ['list'] }, 'command');
    this.checkTests(call, 'none', 'command');
    if (node.block !== null) call.fault('the require command takes no block of commands');
    const [list] = call.positional;
    for (const item of list?.kind === 'list' ? list.items : list?.kind === 'string' ? [list] : []) {
      if (this.take(item.value)) this.required.set(item.value, item.line);
      else this.fault(item.line, `require: there is no Sieve extension "${item.value.slice(0, 100)}" here`);
    }
  }
}

/** Extensions that are nothing without another one (RFC 5703 section 7). */
const NEEDED = [
  ['extracttext', 'variables'],
  ['extracttext', 'foreverypart'],
] as const;

function unknown(kind: string, name: string, extensions: readonly string[] | undefined): string {
  const missing = extensions?.map((extension) => `require "${extension}"`).join(' or ');
  return `unknown ${kind} '${name}'${missing ? `; it needs ${missing}` : ''}`;
}

const nothing: Step = () => undefined;

/** Steps one behind the other, until one of them leads elsewhere. */
function sequence(steps: readonly Step[]): Step {
  return (run: Run): Flow => {
    for (const step of steps) {
      run.spend(1);
      const flow = step(run);
      if (flow !== undefined) return flow;
    }
    return undefined;
  };
}
