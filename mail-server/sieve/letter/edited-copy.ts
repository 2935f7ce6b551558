import { headerEnd } from '../../../lib/mime/read-header.ts';
import type { Field, Header } from './header.ts';
import type { Letter } from './letter.ts';

/**
 * The letter with the header that editheader gave it: fields that were there keep every byte, what was deleted is left out, what was added
 * stands in front of the first or behind the last of them. The letter itself where nothing was edited.
 */
export function editedCopy(letter: Pick<Letter, 'raw' | 'header'>, header: Header): Buffer {
  const { raw, header: before } = letter;
  if (header === before) return raw;
  const lineEnd = raw.includes('\r\n') || !raw.includes('\n') ? '\r\n' : '\n';
  const kept = new Set<Field>(header.fields);
  const last = header.fields.findLastIndex(({ original }) => original);
  const front = header.fields.filter((field, at) => !field.original && at < last);
  const back = header.fields.filter((field, at) => !field.original && at > last);
  const pieces: Buffer[] = [written(front, lineEnd)];
  let next = 0;
  const end = forEachField(raw, 0, headerEnd(raw), (start, stop, named) => {
    const field = named ? before.fields[next++] : undefined;
    if (field === undefined || kept.has(field)) pieces.push(raw.subarray(start, stop));
  });
  // a header that ends without a line end must not run into what comes behind it
  if (back.length > 0 && end > 0 && raw[end - 1] !== 10) pieces.push(Buffer.from(lineEnd));
  pieces.push(written(back, lineEnd), raw.subarray(end));
  return Buffer.concat(pieces);
}

/** Calls back for each field with its continuation lines; gives the place behind the last, where the empty line stands. */
function forEachField(raw: Buffer, from: number, bodyStart: number, found: (start: number, stop: number, named: boolean) => void): number {
  let start = from;
  while (start < bodyStart) {
    if (raw[start] === 10 || (raw[start] === 13 && raw[start + 1] === 10)) break;
    let stop = lineEndAfter(raw, start, bodyStart);
    while (stop < bodyStart && (raw[stop] === 32 || raw[stop] === 9)) stop = lineEndAfter(raw, stop, bodyStart);
    found(start, stop, NAMED.test(raw.toString('latin1', start, Math.min(stop, start + LONGEST_NAME))));
    start = stop;
  }
  return start;
}

function lineEndAfter(raw: Buffer, from: number, limit: number): number {
  const newline = raw.indexOf(10, from);
  return newline < 0 || newline >= limit ? limit : newline + 1;
}

function written(fields: readonly Field[], lineEnd: string): Buffer {
  return Buffer.from(fields.map((field) => `${field.name}: ${encoded(field.value, lineEnd)}${lineEnd}`).join(''), 'latin1');
}

/** RFC 2047, in words of no more than 75 characters; what is ASCII stays as it is. */
function encoded(value: string, lineEnd: string): string {
  if (ASCII.test(value)) return value;
  const words: string[] = [];
  let word = '';
  for (const char of Buffer.from(value, 'latin1').toString('utf8')) {
    if (Buffer.byteLength(word + char) > WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += char;
  }
  words.push(word);
  return words.map((one) => `=?utf-8?B?${Buffer.from(one).toString('base64')}?=`).join(`${lineEnd} `);
}

const NAMED = /^[^:\s]+[ \t]*:/;
const LONGEST_NAME = 1000;
const WORD_BYTES = 45;
const ASCII = /^[\x20-\x7e\t]*$/;
