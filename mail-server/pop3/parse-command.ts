import { credentialText } from '../auth/credential-text.ts';

export interface ParsedCommand {
  /** in capitals */
  name: string;
  /** everything behind the first space; empty if there is nothing */
  argument: string;
}

/** A command line without its CRLF: keyword of 3 to 16 letters, and behind one space the arguments. Null for anything else. */
export function parseCommand(line: Buffer): ParsedCommand | null {
  if (line.includes(0)) return null;
  const matched = /^([A-Za-z]{3,16})(?: (.*))?$/s.exec(credentialText(line));
  return matched ? { name: (matched[1] ?? '').toUpperCase(), argument: matched[2] ?? '' } : null;
}

/** A message number or line count: whole, without sign, however high: programs ask TOP for 2^31 - 1 lines and mean all. Null for anything else. */
export const parseNumber = (text: string): number | null => (/^\d+$/.test(text) ? Number(text) : null);

/** The arguments, separated by single spaces (trailing ones are forgiven). */
export const splitArguments = (argument: string): string[] => argument.trimEnd().split(' ').filter(Boolean);
