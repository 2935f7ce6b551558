import { Invalid } from './invalid.ts';

export type TokenKind = 'identifier' | 'tag' | 'number' | 'string' | 'end' | '{' | '}' | '(' | ')' | '[' | ']' | ',' | ';';

export interface Token {
  kind: TokenKind;
  /** identifier and tag in lower case; value of a string */
  text: string;
  number: number;
  line: number;
}

/** Cuts a script into tokens (RFC 5228 section 8.1). Throws Invalid. Linear time. */
export class Lexer {
  private readonly source: string;
  private at = 0;
  private line = 1;

  constructor(source: string) {
    this.source = source;
  }

  next(): Token {
    this.skipSpace();
    const { source, line } = this;
    const char = source[this.at];
    if (char === undefined) return { kind: 'end', text: '', number: 0, line };
    if (PUNCTUATION.has(char)) {
      this.at++;
      return { kind: char as TokenKind, text: char, number: 0, line };
    }
    if (char === '"') return { kind: 'string', text: this.quoted(), number: 0, line };
    if (char >= '0' && char <= '9') return { kind: 'number', text: '', number: this.number(), line };
    if (char === ':') {
      this.at++;
      const text = this.identifier();
      if (text === '') throw new Invalid(line, 'a colon must be followed by the name of a tagged argument');
      return { kind: 'tag', text, number: 0, line };
    }
    const text = this.identifier();
    if (text === '') throw new Invalid(line, `unexpected character ${printable(char)}`);
    if (text === 'text' && source[this.at] === ':') return { kind: 'string', text: this.multiLine(), number: 0, line };
    return { kind: 'identifier', text, number: 0, line };
  }

  private skipSpace(): void {
    const { source } = this;
    for (;;) {
      const char = source[this.at];
      if (char === '\n') {
        this.line++;
        this.at++;
      } else if (char === ' ' || char === '\t' || char === '\r') this.at++;
      else if (char === '#') {
        const newline = source.indexOf('\n', this.at);
        this.comment(newline < 0 ? source.length : newline);
      } else if (char === '/' && source[this.at + 1] === '*') {
        const end = source.indexOf('*/', this.at + 2);
        if (end < 0) throw new Invalid(this.lineAt(source.length), 'the comment that begins with /* has no end');
        this.comment(end + 2);
      } else return;
    }
  }

  private comment(end: number): void {
    const nul = this.source.slice(this.at, end).indexOf('\0');
    if (nul >= 0) throw new Invalid(this.lineAt(this.at + nul), NUL_IN_COMMENT);
    this.moveTo(end);
  }

  private identifier(): string {
    IDENTIFIER.lastIndex = this.at;
    const text = IDENTIFIER.exec(this.source)?.[0] ?? '';
    this.at += text.length;
    return text.toLowerCase();
  }

  private number(): number {
    NUMBER.lastIndex = this.at;
    const [whole = '', digits = '', unit = ''] = NUMBER.exec(this.source) ?? [];
    this.at += whole.length;
    // as many digits as a person may write; longer ones are not counted at all
    const value = (digits.length > 40 ? 2n ** 64n : BigInt(digits)) * (UNITS[unit.toUpperCase()] ?? 1n);
    if (value >= 2n ** 64n) throw new Invalid(this.line, `the number ${digits.slice(0, 20)}${unit} is too large`);
    if (IDENTIFIER_CHAR.test(this.source[this.at] ?? '')) throw new Invalid(this.line, 'a number may only be followed by K, M or G');
    return Number(value);
  }

  private quoted(): string {
    const { source } = this;
    let value = '';
    let from = this.at + 1;
    for (let at = from; at < source.length; at++) {
      let code = source.charCodeAt(at);
      if (code === 34) {
        value += source.slice(from, at);
        this.moveTo(at + 1);
        return withCrlf(value);
      }
      if (code === 92) {
        value += source.slice(from, at);
        from = ++at;
        code = source.charCodeAt(at);
      }
      if (code === 0) throw new Invalid(this.lineAt(at), NUL);
      if (code === 13 && source.charCodeAt(at + 1) !== 10) throw new Invalid(this.lineAt(at), STRAY);
    }
    throw new Invalid(this.lineAt(source.length), 'the string has no closing quote');
  }

  /** text: with lines up to one that holds nothing but a dot; two dots at the start of a line are one */
  private multiLine(): string {
    const { source } = this;
    MULTI_LINE_HEAD.lastIndex = this.at;
    const head = MULTI_LINE_HEAD.exec(source);
    if (head === null) throw new Invalid(this.line, '"text:" must be followed by the end of the line');
    if (head[0].includes('\0')) throw new Invalid(this.line, NUL_IN_COMMENT);
    let at = this.at + head[0].length;
    const lines: string[] = [];
    while (at < source.length) {
      const newline = source.indexOf('\n', at);
      if (newline < 0) {
        if (source.slice(at).trimEnd() === '.') {
          this.moveTo(source.length);
          return lines.join('');
        }
        break;
      }
      const start = at;
      const line = source.slice(start, source[newline - 1] === '\r' ? newline - 1 : newline);
      at = newline + 1;
      if (line === '.') {
        this.moveTo(at);
        return lines.join('');
      }
      if (line.includes('\r')) throw new Invalid(this.lineAt(start), STRAY);
      if (line.includes('\0')) throw new Invalid(this.lineAt(start), NUL);
      lines.push(`${line.startsWith('..') ? line.slice(1) : line}\r\n`);
    }
    throw new Invalid(this.lineAt(source.length), 'the text has no line with a single dot at its end');
  }

  private moveTo(at: number): void {
    this.line = this.lineAt(at);
    this.at = at;
  }

  /** Only what lies between is looked at, so that no part of a script is searched again for each of its strings. */
  private lineAt(end: number): number {
    let line = this.line;
    for (let at = this.at; at < end; at++) if (this.source.charCodeAt(at) === 10) line++;
    return line;
  }
}

const NUL = 'a string must not contain NUL';
const NUL_IN_COMMENT = 'a comment must not contain NUL';
const STRAY = 'a string must not contain CR without LF';

/** A line end inside a string is CRLF, however the script was saved. */
const withCrlf = (value: string): string => (value.includes('\n') ? value.replace(/\r?\n/g, '\r\n') : value);
const printable = (char: string): string =>
  /[\p{Cc}\p{Cs}]/u.test(char) ? `U+${char.charCodeAt(0).toString(16).padStart(4, '0')}` : `'${char}'`;

const PUNCTUATION = new Set(['{', '}', '(', ')', '[', ']', ',', ';']);
const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y;
const IDENTIFIER_CHAR = /[A-Za-z0-9_]/;
const NUMBER = /(\d+)([KMGkmg]?)/y;
const UNITS: Record<string, bigint> = { K: 1024n, M: 1024n ** 2n, G: 1024n ** 3n };
const MULTI_LINE_HEAD = /:[ \t]*(?:#[^\n]*)?\r?\n/y;
