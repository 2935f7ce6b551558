import { limits } from '../limits.ts';
import { canonicalName } from '../../folder-name.ts';
import { decodeMailbox, decodePattern } from '../names/mailbox-name.ts';
import { simplifyPattern } from '../names/match-pattern.ts';
import type { Cursor } from '../parser/cursor.ts';
import { ParseError } from '../parser/parse-error.ts';
import { parseStatusItems } from './status-items.ts';

export interface ListArguments {
  selection: ReadonlySet<string>;
  reference: string;
  patterns: string[];
  returned: ReadonlySet<string>;
  status: string[] | null;
  /** selection or return options were given: the extended syntax of RFC 5258 */
  extended: boolean;
}

const selectionOptions = new Set(['SUBSCRIBED', 'REMOTE', 'RECURSIVEMATCH', 'SPECIAL-USE']);
const returnOptions = new Set(['SUBSCRIBED', 'CHILDREN', 'SPECIAL-USE']);

/** LIST [selection] reference pattern [RETURN options] of RFC 9051 section 6.3.9. */
export function parseListArguments(args: Cursor, isRev2: boolean): ListArguments {
  args.space();
  const selection = new Set<string>();
  let extended = false;
  if (args.peek() === 40) {
    extended = true;
    options(args, (name) => {
      if (!selectionOptions.has(name)) throw new ParseError(`Unknown selection option ${name}`);
      selection.add(name);
    });
    if (selection.has('RECURSIVEMATCH') && !selection.has('SUBSCRIBED') && !selection.has('SPECIAL-USE')) {
      throw new ParseError('RECURSIVEMATCH needs another selection option');
    }
    args.space();
  }
  const reference = decodeMailbox(args.astring(), isRev2);
  args.space();
  const patterns: string[] = [];
  if (args.peek() === 40) {
    extended = true;
    args.list(1, () => {
      if (patterns.length >= limits.listPatterns) throw new ParseError('Too many patterns');
      patterns.push(pattern(args, isRev2));
    });
  } else {
    patterns.push(pattern(args, isRev2));
  }
  const returned = new Set<string>();
  let status: string[] | null = null;
  if (args.more()) {
    extended = true;
    if (args.keyword() !== 'RETURN') throw new ParseError('Expected RETURN');
    args.space();
    options(args, (name) => {
      if (name === 'STATUS') {
        args.space();
        status = parseStatusItems(args);
      } else if (returnOptions.has(name)) returned.add(name);
      else throw new ParseError(`Unknown return option ${name}`);
    });
  }
  args.end();
  return { selection, reference, patterns, returned, status, extended };
}

const options = (args: Cursor, take: (name: string) => void): void => args.list(0, () => take(args.keyword()));

function pattern(args: Cursor, isRev2: boolean): string {
  const bytes = args.astring();
  if (bytes.length > limits.listPatternBytes) throw new ParseError('Pattern is too long', 'LIMIT');
  return simplifyPattern(decodePattern(bytes, isRev2));
}

/** The reference is put in front of the pattern as it is. */
export const fullPattern = (reference: string, wanted: string): string => canonicalName(reference + wanted);
