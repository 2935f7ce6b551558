import { ByteQueue, withoutLineEnd } from '../../wire/byte-queue.ts';
import { limits } from '../limits.ts';

export interface Literal {
  bytes: Buffer;
  /** `~{n}` of RFC 3516: may hold NUL */
  binary: boolean;
}

/** One command as it came: text[0] literals[0] text[1] literals[1] … text[n]; text without the `{n}` and without line ends. */
export interface RawCommand {
  text: Buffer[];
  literals: Literal[];
  /** bytes that were reserved for the literals; who runs the command gives them back */
  reserved: number;
}

/** How much the session takes at the moment. */
export interface ReadLimits {
  literalBytes: number;
  appendBytes: number;
  appendTotalBytes: number;
  /** asked as the bytes of APPEND come in; false when all sessions together hold too many */
  reserve(bytes: number): boolean;
  release(bytes: number): void;
}

export type ReadResult =
  | { kind: 'command'; command: RawCommand }
  /** the client waits for "+" before it sends the literal */
  | { kind: 'continue' }
  /** answer and go on with the next command; `too-big`: NO [TOOBIG] */
  | { kind: 'refused'; reason: 'line-too-long' | 'literal-too-big' | 'too-big' | 'no-memory'; tag: string; end: boolean }
  | { kind: 'incomplete' };

const incomplete: ReadResult = { kind: 'incomplete' };
const announcement = /(~?)\{(\d{1,20})(\+?)\}$/;

interface Filling {
  bytes: Buffer;
  size: number;
  filled: number;
  binary: boolean;
  counted: boolean;
}

/**
 * Cuts the byte stream into commands. A line is text up to CRLF (a bare LF is taken too); when it ends in a literal's announcement, so many
 * bytes follow and the line goes on. Sizes are judged before a byte of a literal is taken or a "+" is sent, so memory is bounded by the
 * limits whatever the client announces.
 */
export class CommandReader {
  readonly input = new ByteQueue();
  #text: Buffer[] = [];
  #literals: Literal[] = [];
  #textBytes = 0;
  #literalBytes = 0;
  #filling: Filling | null = null;
  #reserved = 0;
  /** there was no memory for a literal: the command is read to its end, kept no more, and refused */
  #dropping = false;
  #allowed: ReadLimits | null = null;
  /** the rest of a line that was too long is thrown away */
  #skipping = false;
  #skipped = 0;

  /** A literal that was announced is not here to its end. */
  get takesLiteral(): boolean {
    return this.#filling !== null;
  }

  /** What comes next begins a command. */
  get isBetweenCommands(): boolean {
    return this.input.length === 0 && this.#text.length === 0 && !this.#filling && !this.#skipping;
  }

  reset(): void {
    this.input.clear();
    this.#allowed?.release(this.#reserved);
    this.#forget();
    this.#skipping = false;
  }

  next(allowed: ReadLimits): ReadResult {
    this.#allowed = allowed;
    for (;;) {
      if (this.#filling && !this.#fill(this.#filling, allowed)) return incomplete;
      const length = this.input.lineLength();
      if (this.#skipping) {
        const end = this.#skip(length);
        if (end) return { kind: 'refused', reason: 'line-too-long', tag: '*', end: true };
        if (length === 0) return incomplete;
        continue;
      }
      if (this.#textBytes + Math.max(length, this.input.length && length === 0 ? this.input.length : 0) > limits.lineBytes) {
        return this.#lineTooLong(length);
      }
      if (length === 0) return incomplete;
      const result = this.#line(this.input.take(length), allowed);
      if (result) return result;
    }
  }

  /** A line of AUTHENTICATE or IDLE, without its end; `null`: not there yet, `too-long`: the connection should end. */
  nextLine(): Buffer | 'too-long' | null {
    const line = this.input.takeLine(limits.continuationLineBytes);
    return Buffer.isBuffer(line) ? withoutLineEnd(line) : line;
  }

  #line(line: Buffer, allowed: ReadLimits): ReadResult | null {
    const text = withoutLineEnd(line);
    this.#textBytes += line.length;
    const found = text.at(-1) === 125 ? announcement.exec(text.toString('latin1', Math.max(0, text.length - 24))) : null;
    if (!found) {
      this.#text.push(text);
      const command = { text: this.#text, literals: this.#literals, reserved: this.#reserved };
      const tag = this.#dropping ? this.#tag() : null;
      this.#forget();
      if (tag !== null) return { kind: 'refused', reason: 'no-memory', tag, end: false };
      return { kind: 'command', command };
    }
    this.#text.push(text.subarray(0, text.length - found[0].length));
    const waits = found[3] === '';
    const size = Number(found[2]);
    const reason = this.#judge(size, allowed);
    if (reason) {
      const tag = this.#tag();
      allowed.release(this.#reserved);
      this.#forget();
      // RFC 7888 section 4: what follows a non-synchronising literal cannot be told from commands, so the connection ends
      return { kind: 'refused', reason, tag, end: !waits };
    }
    this.#literalBytes += size;
    // pages that no byte was written to cost nothing yet
    const bytes = Buffer.allocUnsafeSlow(this.#dropping ? 0 : size);
    this.#filling = { bytes, size, filled: 0, binary: found[1] === '~', counted: this.#isAppend() };
    return waits ? { kind: 'continue' } : null;
  }

  #judge(size: number, allowed: ReadLimits): 'literal-too-big' | 'too-big' | null {
    const append = this.#isAppend();
    if (append) {
      if (this.#literals.length >= limits.messagesPerAppend + 1) return 'literal-too-big';
      return size > allowed.appendBytes || this.#literalBytes + size > allowed.appendTotalBytes ? 'too-big' : null;
    }
    const tooMany = this.#literals.length >= limits.literalsPerCommand;
    return tooMany || this.#literalBytes + size > allowed.literalBytes ? 'literal-too-big' : null;
  }

  #isAppend(): boolean {
    const start = this.#text[0]?.toString('latin1', 0, 300) ?? '';
    return /^\S+ APPEND /i.test(start);
  }

  #tag(): string {
    return tagOf(this.#text[0]?.toString('latin1', 0, 200) ?? '');
  }

  #fill(literal: Filling, allowed: ReadLimits): boolean {
    const here = Math.min(this.input.length, literal.size - literal.filled);
    if (literal.counted && !this.#dropping) {
      if (allowed.reserve(here)) this.#reserved += here;
      else this.#drop(literal, allowed);
    }
    if (this.#dropping) this.input.skip(here);
    else this.input.copyInto(literal.bytes, literal.filled);
    literal.filled += here;
    if (literal.filled < literal.size) return false;
    this.#literals.push({ bytes: literal.bytes, binary: literal.binary });
    this.#filling = null;
    return true;
  }

  #drop(literal: Filling, allowed: ReadLimits): void {
    this.#dropping = true;
    literal.bytes = Buffer.alloc(0);
    this.#literals = this.#literals.map(({ binary }) => ({ bytes: Buffer.alloc(0), binary }));
    allowed.release(this.#reserved);
    this.#reserved = 0;
  }

  #lineTooLong(length: number): ReadResult {
    this.#allowed?.release(this.#reserved);
    const start = this.#text[0]?.toString('latin1', 0, 200) ?? this.input.take(Math.min(200, this.input.length)).toString('latin1');
    this.#forget();
    this.#skipping = true;
    this.#skipped = 0;
    const end = length > 0 && this.#skip(this.input.lineLength());
    return { kind: 'refused', reason: 'line-too-long', tag: tagOf(start), end };
  }

  /** Throws away a piece of a line that was too long. True when it is so long that the connection should end. */
  #skip(length: number): boolean {
    const count = length || this.input.length;
    // a literal behind the line would be read as commands
    const tail = length > 0 ? this.input.take(count).toString('latin1', Math.max(0, count - 26)) : '';
    if (length === 0) this.input.skip(count);
    this.#skipped += count;
    if (length > 0) this.#skipping = false;
    return this.#skipped > limits.skippedLineBytes || /\{\d+\+\}\r?\n$/.test(tail);
  }

  #forget(): void {
    this.#text = [];
    this.#literals = [];
    this.#textBytes = 0;
    this.#literalBytes = 0;
    this.#filling = null;
    this.#reserved = 0;
    this.#dropping = false;
  }
}

/** The tag a line begins with, or "*" where there is none that may be repeated to the client. */
const tagOf = (line: string): string => /^([!#$&',-[\]^-z|}~]{1,100}) /.exec(line)?.[1] ?? '*';
