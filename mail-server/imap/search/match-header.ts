import { decodeEncodedWords } from '../../../lib/mime/decode-encoded-words.ts';
import { parseHeader } from '../../../lib/mime/parse-header.ts';
import { normalise } from '../../search/normalise.ts';

const mostLines = 10_000;

/** HEADER name text: a field of that name (lower case) that contains the text, decoded; an empty text asks for the field alone. */
export function matchesHeader(header: Buffer | undefined, name: string, pattern: string): boolean {
  if (!header) return false;
  const wanted = normalise(pattern);
  return parseHeader(header.toString('latin1'), mostLines).some(
    (field) => field.key === name && (wanted === '' || normalise(decodeEncodedWords(field.value)).includes(wanted)),
  );
}
