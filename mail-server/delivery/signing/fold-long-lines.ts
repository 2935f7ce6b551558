import { decodeEncodedWords } from '../../../lib/mime/decode-encoded-words.ts';
import { encodedWords } from './encode-header.ts';

const encodedWord = /=\?[^?\s=]{1,60}\?[bq]\?[^?\s]*\?=/gi;

/** Scripts write a subject into one word, of whatever length: a fold within would leave no word at all. */
const withoutLongWords = (line: string, longest: number): string =>
  line.replace(encodedWord, (word) => (word.length < longest ? word : encodedWords(decodeEncodedWords(word))));

/** Folds lines of a header that are longer: at white space where there is some, else wherever it must be (RFC 5322 section 2.2.3). */
export function foldLongLines(header: Buffer, longest: number): Buffer {
  const lines: string[] = [];
  let changed = false;
  for (const line of header.toString('latin1').split('\n')) {
    const end = line.endsWith('\r') ? '\r' : '';
    const given = end === '' ? line : line.slice(0, -1);
    const text = given.length > longest ? withoutLongWords(given, longest) : given;
    changed ||= text !== given;
    let start = 0;
    // a further line begins with the blank it was folded at, or with one that is put there
    let added = '';
    while (added.length + text.length - start > longest) {
      changed = true;
      const piece = added + text.slice(start, start + longest + 1 - added.length);
      // the first character may be the space of a fold already; a fold there would leave an empty line
      const blank = Math.max(piece.lastIndexOf(' '), piece.lastIndexOf('\t'));
      const atBlank = blank > 1 && piece.slice(0, blank).trim() !== '';
      const at = atBlank ? blank : longest;
      lines.push(`${piece.slice(0, at)}\r`);
      start += at - added.length;
      added = atBlank ? '' : ' ';
    }
    lines.push(added + text.slice(start) + end);
  }
  return changed ? Buffer.from(lines.join('\n'), 'latin1') : header;
}
