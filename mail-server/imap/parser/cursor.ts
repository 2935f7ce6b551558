import { ParseError } from './parse-error.ts';
import type { Literal, RawCommand } from './command-reader.ts';

const SP = 32;
const QUOTE = 34;
const OPENING = 40;
const CLOSING = 41;
const BACKSLASH = 92;

/** Character classes of RFC 9051 section 9: 1 atom, 2 astring (atom and "]", also what `unquoted` has), 4 tag (atom and "]" without "+"). */
const classes = new Uint8Array(256);
/** What programs leave without quotes in passwords, names and texts though it belongs in them; nothing else could be meant. */
const unquoted = '%*\\';
for (let byte = 33; byte < 127; byte++) {
  const character = String.fromCharCode(byte);
  if ('(){"'.includes(character)) continue;
  if (unquoted.includes(character)) classes[byte] = 2;
  else classes[byte] = character === ']' ? 2 | 4 : 1 | 2 | (character === '+' ? 0 : 4);
}

/**
 * Reads one command from left to right. Every method takes what its name says or throws ParseError; none looks back. A literal stands where
 * its announcement stood and cannot be mistaken for text.
 */
export class Cursor {
  readonly #text: readonly Buffer[];
  readonly #literals: readonly Literal[];
  #segment = 0;
  #at = 0;

  constructor(command: RawCommand) {
    this.#text = command.text;
    this.#literals = command.literals;
  }

  /** The next byte; -1 at the end, -2 in front of a literal. */
  peek(): number {
    const text = this.#text[this.#segment];
    if (text && this.#at < text.length) return text[this.#at] ?? -1;
    return this.#segment < this.#literals.length ? -2 : -1;
  }

  get atEnd(): boolean {
    return this.peek() === -1;
  }

  /** Takes `character` if it is next. */
  skip(character: string): boolean {
    if (this.peek() !== character.charCodeAt(0)) return false;
    this.#at++;
    return true;
  }

  expect(character: string): void {
    if (!this.skip(character)) throw new ParseError(`Expected ${character === ' ' ? 'a space' : `"${character}"`}`);
  }

  /** One space; old programs leave two. */
  space(): void {
    this.expect(' ');
    this.blanks();
  }

  /** Spaces that need not be there. */
  blanks(): void {
    while (this.peek() === SP) this.#at++;
  }

  /** "(" items with spaces between them ")". Programs put spaces behind the first parenthesis and in front of the last one, too. */
  list(least: 0 | 1, item: () => void): void {
    this.expect('(');
    this.blanks();
    if (least === 0 && this.skip(')')) return;
    do {
      item();
      if (this.peek() !== CLOSING) this.space();
    } while (!this.skip(')'));
  }

  /** Takes the space in front of one more argument; false if none follows, be there a space or not. */
  more(): boolean {
    this.blanks();
    return !this.atEnd && this.#isBehindSpace();
  }

  end(): void {
    // some clients leave a space behind
    this.blanks();
    if (!this.atEnd) throw new ParseError('Unexpected text at the end of the command');
  }

  /** True if the text goes on with `word` (any case); takes it then. */
  skipWord(word: string): boolean {
    const text = this.#text[this.#segment];
    if (!text || this.#at + word.length > text.length) return false;
    if (text.toString('latin1', this.#at, this.#at + word.length).toUpperCase() !== word) return false;
    this.#at += word.length;
    return true;
  }

  tag(): string {
    return this.#run(4, 'a tag');
  }

  atom(): string {
    return this.#run(1, 'an atom');
  }

  /** An atom in capitals: names of commands, items, options. */
  keyword(): string {
    return this.#run(1, 'a word').toUpperCase();
  }

  /** Letters, digits, "." and "-" in capitals; stops in front of anything else ("[" of BODY[…]). */
  name(): string {
    const text = this.#text[this.#segment] ?? Buffer.alloc(0);
    const from = this.#at;
    while (this.#at < text.length && isNameByte(text[this.#at] ?? 0)) this.#at++;
    if (this.#at === from) throw new ParseError('Expected a name');
    return text.toString('latin1', from, this.#at).toUpperCase();
  }

  /** atom, "]" and what programs leave without quotes allowed, quoted string or literal, as bytes; list-mailbox, too, is this. */
  astring(): Buffer {
    const next = this.peek();
    if (next === QUOTE || next === -2) return this.string();
    return Buffer.from(this.#run(2, 'a string'), 'latin1');
  }

  string(): Buffer {
    if (this.peek() === -2) return this.literal().bytes;
    if (this.peek() === QUOTE) return this.#quoted();
    throw new ParseError('Expected a string');
  }

  literal(): Literal {
    const literal = this.peek() === -2 ? this.#literals[this.#segment] : undefined;
    if (!literal) throw new ParseError('Expected a literal');
    this.#segment++;
    this.#at = 0;
    return literal;
  }

  /** 0 to 2^32-1. */
  number(): number {
    return this.#digits(10, 4_294_967_295);
  }

  nonZero(): number {
    const value = this.number();
    if (value === 0) throw new ParseError('Zero is not allowed here');
    return value;
  }

  /** 0 to 2^63-1 of RFC 7162 and RFC 9051 as a double: our own MODSEQs stay far below 2^53. */
  number64(): number {
    return this.#digits(19, 2 ** 63);
  }

  /** sequence-set text: digits, ":", ",", "*", "$". */
  sequenceText(): string {
    const text = this.#text[this.#segment] ?? Buffer.alloc(0);
    const from = this.#at;
    while (this.#at < text.length && isSequenceByte(text[this.#at] ?? 0)) this.#at++;
    if (this.#at === from) throw new ParseError('Expected a message set');
    return text.toString('latin1', from, this.#at);
  }

  /** "\Flag" or a keyword, as written. */
  flag(): string {
    const system = this.skip('\\');
    return (system ? '\\' : '') + this.atom();
  }

  /** What stands where a flag may, in any alphabet, with quotes or without; null if it is none that IMAP could tell of. */
  label(): string | null {
    if (this.peek() === QUOTE) return keyword.exec(this.string().toString('latin1'))?.[0] ?? null;
    const text = this.#text[this.#segment] ?? Buffer.alloc(0);
    const from = this.#at;
    while (this.#at < text.length && isLabelByte(text[this.#at] ?? 0)) this.#at++;
    if (this.#at === from) throw new ParseError('Expected a flag');
    return keyword.exec(text.toString('latin1', from, this.#at))?.[0] ?? null;
  }

  /** Everything up to the end of the line; no literal may follow. */
  rest(): string {
    const text = this.#text[this.#segment] ?? Buffer.alloc(0);
    const rest = text.toString('latin1', this.#at);
    this.#at = text.length;
    return rest;
  }

  #isBehindSpace(): boolean {
    return this.#text[this.#segment]?.[this.#at - 1] === SP;
  }

  #digits(most: number, highest: number): number {
    const text = this.#text[this.#segment] ?? Buffer.alloc(0);
    const from = this.#at;
    while (this.#at < text.length && isDigit(text[this.#at] ?? 0)) this.#at++;
    const length = this.#at - from;
    if (length === 0) throw new ParseError('Expected a number');
    const value = Number(text.toString('latin1', from, this.#at));
    if (length > most || value > highest) throw new ParseError('Number is too large');
    return value;
  }

  #run(mask: number, what: string): string {
    const text = this.#text[this.#segment] ?? Buffer.alloc(0);
    const from = this.#at;
    while (this.#at < text.length && ((classes[text[this.#at] ?? 0] ?? 0) & mask) !== 0) this.#at++;
    if (this.#at === from) throw new ParseError(`Expected ${what}`);
    return text.toString('latin1', from, this.#at);
  }

  #quoted(): Buffer {
    const text = this.#text[this.#segment] ?? Buffer.alloc(0);
    const from = ++this.#at;
    let escapes = 0;
    for (; this.#at < text.length; this.#at++) {
      const byte = text[this.#at] ?? 0;
      if (byte === QUOTE) {
        const raw = text.subarray(from, this.#at++);
        return escapes === 0 ? raw : withoutEscapes(raw);
      }
      if (byte === 0) throw new ParseError('NUL is not allowed');
      if (byte === BACKSLASH) {
        const next = text[++this.#at];
        if (next !== QUOTE && next !== BACKSLASH) throw new ParseError('Bad escape in a quoted string');
        escapes++;
      }
    }
    throw new ParseError('Quoted string is not closed');
  }
}

function withoutEscapes(raw: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(raw.length);
  let length = 0;
  for (let at = 0; at < raw.length; at++) {
    if (raw[at] === BACKSLASH) at++;
    bytes[length++] = raw[at] ?? 0;
  }
  return bytes.subarray(0, length);
}

/** flag of RFC 9051 section 9: an atom, "\\" in front allowed */
const keyword = /^\\?[^\0-\x20\x7f-\xff(){%*"\\\]]+$/;
const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
const isSequenceByte = (byte: number): boolean => isDigit(byte) || byte === 58 || byte === 44 || byte === 42 || byte === 36;
const isNameByte = (byte: number): boolean =>
  isDigit(byte) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 46 || byte === 45;
const isLabelByte = (byte: number): boolean => byte > SP && byte !== CLOSING && byte !== OPENING;
