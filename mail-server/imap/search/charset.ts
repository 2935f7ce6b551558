import { decodeCharset, isUsefulCharset } from '../../../lib/mime/decode-charset.ts';
import { decodeUtf8 } from '../../wire/decode-utf8.ts';
import type { Cursor } from '../parser/cursor.ts';
import { ParseError } from '../parser/parse-error.ts';

/** Text of a search argument, or null where its bytes are none. */
export type ReadText = (bytes: Buffer) => string | null;

const longestName = 40;

/** Takes a charset name: how the texts that follow are read. UTF-8, of which US-ASCII is a part, and whatever letters are read in here. */
export function parseCharset(args: Cursor): ReadText {
  const name = args.astring().toString('latin1').toUpperCase();
  if (name === 'UTF-8' || name === 'US-ASCII') return decodeUtf8;
  if (name.length > longestName || !isUsefulCharset(name)) throw new ParseError('Charset is not supported', 'BADCHARSET (US-ASCII UTF-8)');
  return (bytes) => decodeCharset(bytes, name);
}
