import type { Cursor } from '../parser/cursor.ts';
import { ParseError } from '../parser/parse-error.ts';

/** Takes a charset name; the texts that follow are read as UTF-8, of which US-ASCII is a part. */
export function parseCharset(args: Cursor): void {
  const name = args.astring().toString('latin1').toUpperCase();
  if (name !== 'UTF-8' && name !== 'US-ASCII') throw new ParseError('Charset is not supported', 'BADCHARSET (US-ASCII UTF-8)');
}
