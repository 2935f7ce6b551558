import type { ArgumentNode, CommandNode, ListNode, NumberNode, StringNode, TestNode } from '../language/syntax.ts';
import type { Compiling } from './compiling.ts';
import type { Text, TextList } from './program.ts';
import type { ArgumentKind, CallSyntax } from './syntax-of-call.ts';

/** One call of a command or test, its arguments sorted by what they mean. */
export class Call {
  readonly compiler: Compiling;
  readonly node: TestNode & { block?: CommandNode['block'] };
  readonly tags = new Map<string, { line: number; argument: ArgumentNode | null }>();
  readonly positional: ArgumentNode[] = [];
  /** false once a fault was told: what comes of it never runs */
  valid = true;

  constructor(compiler: Compiling, node: TestNode, syntax: CallSyntax, kind: 'command' | 'test') {
    this.compiler = compiler;
    this.node = node;
    this.readArguments(syntax, `${node.name} ${kind}`);
    this.checkPositional(syntax, `${node.name} ${kind}`);
  }

  get line(): number {
    return this.node.line;
  }

  has(tag: string): boolean {
    return this.tags.has(tag);
  }

  /** The first of these tags that stands in the call. */
  oneOf<Name extends string>(...names: readonly Name[]): Name | null {
    return names.find((name) => this.tags.has(name)) ?? null;
  }

  text(at: number): Text {
    return this.compiler.text(this.stringAt(this.positional[at]));
  }

  list(at: number): TextList {
    return this.compiler.textList(this.positional[at] ?? null, this.line);
  }

  number(at: number): number {
    return numberOf(this.positional[at]);
  }

  tagText(tag: string): Text | null {
    const found = this.tags.get(tag);
    return found ? this.compiler.text(this.stringAt(found.argument ?? undefined)) : null;
  }

  tagList(tag: string): TextList | null {
    const found = this.tags.get(tag);
    return found ? this.compiler.textList(found.argument, found.line) : null;
  }

  tagNumber(tag: string): number | null {
    const found = this.tags.get(tag);
    return found ? numberOf(found.argument ?? undefined) : null;
  }

  fault(sentence: string, line = this.line): void {
    this.valid = false;
    this.compiler.fault(line, sentence);
  }

  private stringAt(node: ArgumentNode | undefined): StringNode {
    return node?.kind === 'string' ? node : { kind: 'string', value: '', line: this.line };
  }

  private readArguments({ tags = {} }: CallSyntax, what: string): void {
    const nodes = this.node.arguments;
    const groups = new Map<string, string>();
    for (let at = 0; at < nodes.length; at++) {
      const node = nodes[at];
      if (node === undefined) continue;
      if (node.kind !== 'tag') {
        this.positional.push(node);
        continue;
      }
      if (this.positional.length > 0) {
        this.fault(`:${node.name} must stand before the other arguments of the ${what}`, node.line);
        continue;
      }
      const tag = Object.hasOwn(tags, node.name) ? tags[node.name] : undefined;
      if (tag === undefined || (tag.extension !== undefined && !this.compiler.uses(tag.extension))) {
        const missing = tag?.extension === undefined ? '' : `; it needs require "${tag.extension}"`;
        this.fault(`unknown tagged argument ':${node.name}' for the ${what}${missing}`, node.line);
        continue;
      }
      const group = tag.group ?? node.name;
      const other = groups.get(group);
      if (other !== undefined) this.fault(`:${other} and :${node.name} must not stand together in the ${what}`, node.line);
      groups.set(group, node.name);
      let argument: ArgumentNode | null = null;
      if (tag.argument !== undefined) {
        argument = nodes[at + 1] ?? null;
        if (!isKind(argument, tag.argument)) {
          this.fault(`the :${node.name} tag of the ${what} must be followed by a ${NAMES[tag.argument]}`, argument?.line ?? node.line);
          continue;
        }
        at++;
      }
      this.tags.set(node.name, { line: node.line, argument });
    }
  }

  private checkPositional({ positional = [], optional }: CallSyntax, what: string): void {
    const given = this.positional;
    const short = optional !== undefined && given.length < positional.length;
    const wanted = !short ? positional : optional === 'first' ? positional.slice(1) : positional.slice(0, -1);
    if (given.length !== wanted.length) {
      this.fault(`the ${what} takes ${positional.length} arguments, but has ${given.length}`);
      return;
    }
    for (const [at, kind] of wanted.entries()) {
      const node = given[at];
      if (node !== undefined && !isKind(node, kind)) {
        this.fault(`argument ${at + 1} of the ${what} must be a ${NAMES[kind]}, not a ${NAMES[node.kind] ?? 'tag'}`, node.line);
      }
    }
  }
}

function isKind(node: ArgumentNode | null, kind: ArgumentKind): node is StringNode | ListNode | NumberNode {
  return node !== null && (node.kind === kind || (kind === 'list' && node.kind === 'string'));
}

const numberOf = (node: ArgumentNode | undefined): number => (node?.kind === 'number' ? node.value : 0);
const NAMES: Record<string, string> = { string: 'string', list: 'string list', number: 'number', tag: 'tag' };
