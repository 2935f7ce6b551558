import { Invalid } from './invalid.ts';
import { Lexer, type Token, type TokenKind } from './lexer.ts';
import type { ArgumentNode, CommandNode, StringNode, TestNode } from './syntax.ts';

/** of one command or test; none takes so many */
const MOST_ARGUMENTS = 32;

/** Reads the grammar of RFC 5228 section 8.2. Throws Invalid at the first place that does not follow it. */
export function parseScript(source: string, nesting: number): CommandNode[] {
  return new Parser(source, nesting).script();
}

class Parser {
  private readonly lexer: Lexer;
  private readonly nesting: number;
  private token: Token;
  private blocks = 0;
  private tests = 0;

  constructor(source: string, nesting: number) {
    this.lexer = new Lexer(source);
    this.nesting = nesting;
    this.token = this.lexer.next();
  }

  script(): CommandNode[] {
    const commands = this.commands();
    if (!this.is('end')) throw this.unexpected('a command');
    return commands;
  }

  private commands(): CommandNode[] {
    const commands: CommandNode[] = [];
    while (this.is('identifier')) commands.push(this.command());
    return commands;
  }

  private command(): CommandNode {
    const call = this.call();
    if (this.is(';')) {
      this.advance();
      return { ...call, block: null };
    }
    if (!this.is('{')) throw this.unexpected("';' at the end of the command or '{' before its block");
    const { line } = this.token;
    this.advance();
    if (++this.blocks >= this.nesting) throw this.tooDeep('blocks');
    const block = this.commands();
    if (!this.is('}')) throw this.unexpected(`a command or the '}' of the block that begins in line ${line}`);
    this.advance();
    this.blocks--;
    return { ...call, block };
  }

  private call(): TestNode {
    const { text: name, line } = this.token;
    this.advance();
    const args: ArgumentNode[] = [];
    for (;;) {
      const argument = this.argument();
      if (argument === null) break;
      args.push(argument);
      if (args.length > MOST_ARGUMENTS) throw new Invalid(this.token.line, `${name} has more than ${MOST_ARGUMENTS} arguments`);
    }
    const list = this.is('(');
    const tests = list ? this.testList() : this.is('identifier') ? [this.test()] : [];
    return { name, line, arguments: args, tests, list };
  }

  private test(): TestNode {
    if (++this.tests >= this.nesting) throw this.tooDeep('tests');
    const test = this.call();
    this.tests--;
    return test;
  }

  private testList(): TestNode[] {
    const tests: TestNode[] = [];
    do {
      this.advance();
      if (!this.is('identifier')) throw this.unexpected('a test');
      tests.push(this.test());
    } while (this.is(','));
    this.expect(')');
    return tests;
  }

  private argument(): ArgumentNode | null {
    const { kind, text, number, line } = this.token;
    if (kind === '[') return this.stringList();
    if (kind !== 'string' && kind !== 'number' && kind !== 'tag') return null;
    this.advance();
    if (kind === 'string') return { kind, value: text, line };
    return kind === 'number' ? { kind, value: number, line } : { kind, name: text, line };
  }

  private stringList(): ArgumentNode {
    const { line } = this.token;
    const items: StringNode[] = [];
    do {
      this.advance();
      if (!this.is('string')) throw this.unexpected('a string');
      items.push({ kind: 'string', value: this.token.text, line: this.token.line });
      this.advance();
    } while (this.is(','));
    this.expect(']');
    return { kind: 'list', items, line };
  }

  private tooDeep(what: string): Invalid {
    return new Invalid(this.token.line, `${what} are nested more than ${this.nesting - 1} deep`);
  }

  private expect(kind: TokenKind): void {
    if (!this.is(kind)) throw this.unexpected(`'${kind}' or ','`);
    this.advance();
  }

  private is(kind: TokenKind): boolean {
    return this.token.kind === kind;
  }

  private advance(): void {
    this.token = this.lexer.next();
  }

  private unexpected(wanted: string): Invalid {
    return new Invalid(this.token.line, `expected ${wanted}, but found ${described(this.token)}`);
  }
}

function described({ kind, text, number }: Token): string {
  if (kind === 'end') return 'the end of the script';
  if (kind === 'identifier') return `'${text}'`;
  if (kind === 'tag') return `:${text}`;
  if (kind === 'number') return `the number ${number}`;
  return kind === 'string' ? 'a string' : `'${kind}'`;
}
