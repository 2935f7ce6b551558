import { isHttp } from '../tls/foreign-protocol.ts';
import type { Connection } from '../wire/connection.ts';
import { decodeUtf8 } from '../wire/decode-utf8.ts';
import { ConnectionEnded, readLine, readLiteral } from './connection-ended.ts';
import { limits } from './limits.ts';

export type Argument = { kind: 'string'; value: string } | { kind: 'number'; value: number } | { kind: 'too large' };

const notText = 'Strings must be valid UTF-8, without NUL';

export interface ParsedCommand {
  /** in capitals */
  name: string;
  arguments: readonly Argument[];
}

/** A command that is none, with a sentence that says why. */
export interface Malformed {
  problem: string;
}

/**
 * Reads one command with its literals (RFC 5804 section 4). A literal above `literalBytes` is read to its end and forgotten. Throws
 * ConnectionEnded.
 */
export async function readCommand(connection: Connection, literalBytes: number): Promise<ParsedCommand | Malformed> {
  const words: (Argument | { kind: 'word'; value: string })[] = [];
  let left = literalBytes;
  let literals = 0;
  let problem: string | null = null;
  for (;;) {
    const line = await readLine(connection);
    if (words.length === 0 && isHttp(line.toString('latin1', 0, 200))) throw new ConnectionEnded(null);
    // what is no UTF-8 is read on to find the literals behind it, and never obeyed
    const text = decodeText(line);
    const parsed = parseLine(text ?? line.toString('utf8'));
    problem ??= parsed.problem ?? (text === null ? notText : null);
    for (const word of parsed.words) if (words.length <= limits.arguments) words.push(word);
    if (parsed.literal === null) break;
    // the memory of one that never ends would be as long as it is
    if (++literals > limits.literals) throw new ConnectionEnded('Too many arguments');
    const size = parsed.literal;
    if (size > limits.discardedLiteralBytes) throw new ConnectionEnded('Literal too large');
    if (size > left) {
      if (!(await connection.skipBytes(size))) throw new ConnectionEnded(null);
      words.push({ kind: 'too large' });
    } else {
      left -= size;
      const value = decodeText(await readLiteral(connection, size));
      if (value === null) problem ??= notText;
      words.push({ kind: 'string', value: value ?? '' });
    }
  }
  const [name, ...rest] = words;
  if (problem !== null) return { problem };
  if (name?.kind !== 'word') return { problem: 'A command begins with its name' };
  if (rest.length > limits.arguments) return { problem: 'Too many arguments' };
  const args = rest.filter((word) => word.kind !== 'word');
  if (args.length < rest.length) return { problem: 'Arguments are strings or numbers' };
  return { name: name.value.toUpperCase(), arguments: args };
}

interface ParsedLine {
  words: (Argument | { kind: 'word'; value: string })[];
  /** the line ends with the announcement of so many bytes */
  literal: number | null;
  problem: string | null;
}

function parseLine(line: string): ParsedLine {
  const words: ParsedLine['words'] = [];
  const literal = /(?:^|\s)\{(\d{1,10})\+?\}$/.exec(line);
  const text = literal ? line.slice(0, literal.index) : line;
  WORD.lastIndex = 0;
  while (WORD.lastIndex < text.length) {
    const match = WORD.exec(text);
    if (match === null) return { words, literal: literal ? Number(literal[1]) : null, problem: 'Not a command' };
    const [, quoted, digits, word] = match;
    if (quoted !== undefined) words.push({ kind: 'string', value: quoted.replace(/\\(.)/g, '$1') });
    else if (digits !== undefined) words.push({ kind: 'number', value: Number(digits) });
    else if (word !== undefined) words.push({ kind: 'word', value: word });
  }
  return { words, literal: literal ? Number(literal[1]) : null, problem: null };
}

/** UTF-8 without NUL, or null. */
export function decodeText(bytes: Buffer): string | null {
  const text = decodeUtf8(bytes);
  return text?.includes('\0') ? null : text;
}

/** white space, or: quoted string, number, word */
const WORD = /\s+|"((?:[^"\\]|\\.)*)"(?=\s|$)|(\d{1,20})(?=\s|$)|([A-Za-z][A-Za-z0-9-]*)(?=\s|$)/y;
