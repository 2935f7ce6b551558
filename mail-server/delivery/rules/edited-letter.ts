import { encodeWords } from 'nodemailer/lib/mime-funcs';
import { headerEnd, splitFields } from '../../../lib/mime/read-header.ts';
import type { Field, Header } from '../../sieve/letter/header.ts';

/**
 * The letter with the header that a script left. Fields that stay keep their bytes, in their order; new ones are written where the script
 * put them. `before`: the header as the letter came, whose fields the other one shares.
 */
export function editedLetter(raw: Buffer, before: Header, after: Header): Buffer {
  const end = headerEnd(raw);
  const spans = splitFields(raw.toString('latin1', 0, end)).filter(({ key }) => key !== '');
  const place = new Map(before.fields.map((field, at) => [field, at]));
  const pieces: Buffer[] = [];
  for (const field of after.fields) {
    const span = spans[place.get(field) ?? -1];
    pieces.push(span ? raw.subarray(span.start, span.end) : Buffer.from(`${field.name}: ${encoded(field)}\r\n`));
  }
  // behind what a script may see of a very long header
  for (const span of spans.slice(before.fields.length)) pieces.push(raw.subarray(span.start, span.end));
  return Buffer.concat([...pieces, raw.subarray(end)]);
}

function encoded({ value }: Field): string {
  const text = Buffer.from(value, 'latin1')
    .toString()
    .replace(/[\r\n]+/g, ' ');
  return /^[\x20-\x7e\t]*$/.test(text) ? text : encodeWords(text, 'Q', 52);
}
