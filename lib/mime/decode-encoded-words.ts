import { isUtf8 } from 'node:buffer';
import { decodeBase64 } from './decode-content.ts';
import { fewMarks } from './few-marks.ts';
import { decodeCharset, decodeUtf8OrWestern, isStatefulCharset } from './decode-charset.ts';

/**
 * Decodes RFC 2047 encoded words in unfolded header text (one byte a character). Lenient where senders are wrong in practice: words
 * inside quotes or glued to other text, spaces and ends of lines inside a word, missing padding, characters split over adjacent words, a field
 * that was cut within a word,
 * unknown charsets. Raw ISO-2022-JP and -KR are known by their escapes; raw 8-bit bytes are read as UTF-8, or else in the charset of the message's
 * text (`bodyCharset`), or else as windows-1252. Linear time.
 */
export function decodeEncodedWords(text: string, bodyCharset?: string): string {
  const whole = text.includes('=?') ? text.replace(CUT, '$1?=') : text;
  return withoutControls(decodeWholeWords(whole, bodyCharset));
}

/** As decodeEncodedWords, with the control characters that were encoded, and a word that was cut as it is: for rules, which are about what was sent. */
export function decodeWholeWords(text: string, bodyCharset?: string): string {
  if (!text.includes('\x1b$')) return decodeWords(text, bodyCharset);
  if (text.includes('\x1b$)C')) return decodeCharset(Buffer.from(text, 'latin1'), 'iso-2022-kr');
  let result = '';
  let from = 0;
  // its characters are pairs of ASCII, and "=?" may be one
  for (const run of text.matchAll(JAPANESE)) {
    result += decodeWords(text.slice(from, run.index), bodyCharset) + decodeCharset(Buffer.from(run[0], 'latin1'), 'iso-2022-jp');
    from = run.index + run[0].length;
  }
  return result + decodeWords(text.slice(from), bodyCharset);
}

function decodeWords(text: string, bodyCharset: string | undefined): string {
  let at = text.indexOf('=?');
  if (at < 0) return decodeRaw(text, bodyCharset);
  let result = '';
  let from = 0;
  let run: { charset: string; bytes: Buffer[]; shift: Shift } | null = null;
  const flush = (): void => {
    if (run !== null)
      result += decodeCharset(run.bytes.length === 1 && run.bytes[0] ? run.bytes[0] : Buffer.concat(run.bytes), run.charset);
    run = null;
  };
  while (at >= 0) {
    const word = readWord(text, at);
    if (word === null) {
      at = text.indexOf('=?', at + 2);
      continue;
    }
    const between = text.slice(from, at);
    // white space between adjacent words is not part of the text
    if (run === null || !BLANK.test(between)) {
      flush();
      result += decodeRaw(between, bodyCharset);
    }
    if (run !== null && run.charset === word.charset && (!isStatefulCharset(word.charset) || goesOn(run.shift, word.bytes))) {
      run.bytes.push(word.bytes);
      run.shift = shiftBehind(word.bytes, run.shift);
    } else {
      flush();
      run = { charset: word.charset, bytes: [word.bytes], shift: shiftBehind(word.bytes, unshifted) };
    }
    from = word.end;
    at = text.indexOf('=?', from);
  }
  flush();
  return result + decodeRaw(text.slice(from), bodyCharset);
}

/** Whether the last escape of ISO-2022 began characters of two bytes, and how many bytes of them there were. */
interface Shift {
  isOpen: boolean;
  bytes: number;
}
const unshifted: Shift = { isOpen: false, bytes: 0 };

function shiftBehind(bytes: Buffer, before: Shift): Shift {
  const last = bytes.lastIndexOf(27);
  if (last < 0) return { isOpen: before.isOpen, bytes: before.bytes + bytes.length };
  return { isOpen: bytes[last + 1] === 36, bytes: bytes.length - last - 3 };
}

/** Each word begins in ASCII (RFC 2047 section 3). Exchange cuts at a length instead: in a character, or before the escape that ends them. */
function goesOn({ isOpen, bytes }: Shift, next: Buffer): boolean {
  const first = next.indexOf(27);
  return isOpen && first !== 0 && (bytes % 2 === 1 || (first > 0 && next[first + 1] === 40));
}

interface Word {
  charset: string;
  bytes: Buffer;
  end: number;
}

/** =?charset*language?encoding?text?= */
function readWord(text: string, start: number): Word | null {
  HEAD.lastIndex = start;
  const head = HEAD.exec(text);
  if (head === null) return null;
  const [, charset = '', encoding = ''] = head;
  const from = HEAD.lastIndex;
  const to = text.indexOf('?', from);
  if (to < 0) return null;
  // a question mark inside the text is an error that is forgiven in Q, if the end is near
  const end = text[to + 1] === '=' ? to : text.slice(to, to + MAX_WORD).indexOf('?=') + to;
  if (end < to) return null;
  const content = text.slice(from, end);
  return {
    charset: charset.toLowerCase(),
    bytes: encoding === 'b' || encoding === 'B' ? decodeB(content) : decodeQ(content),
    end: end + 2,
  };
}

const decodeB = (content: string): Buffer => decodeBase64(Buffer.from(content, 'latin1'));

function decodeQ(content: string): Buffer {
  // white space that ends of lines left, not that of "_": "a=b_c" holds no octet
  const whole = content.replace(/=\s{1,20}(?==)/g, '').replace(/(=[0-9a-f])\s{1,20}(?=[0-9a-f])/gi, '$1');
  const text = whole.includes('_') ? whole.replaceAll('_', ' ') : whole;
  if (!text.includes('=')) return Buffer.from(text, 'latin1');
  return Buffer.from(
    text.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

function decodeRaw(text: string, bodyCharset: string | undefined): string {
  if (!NOT_ASCII.test(text)) {
    // HZ (RFC 1843) is ASCII to the eye: it is meant where the text is in it
    const pairs = text.includes('~{') && /^hz/i.test(bodyCharset ?? '') ? decodeCharset(Buffer.from(text, 'latin1'), bodyCharset) : '';
    if (pairs !== '' && !pairs.includes('\ufffd')) return pairs;
    return text.includes('\0') ? text.replaceAll('\0', '') : text;
  }
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? decodeUtf8OrWestern(bytes) : decodeCharset(bytes, bodyCharset);
}

/**
 * A line end that was encoded is a blank, other control characters nothing: what is decoded here is one line. Nor does it write letters in
 * another order than they are in (U+202D, U+202E): a name must be what it looks like.
 */
const withoutControls = (text: string): string => fewMarks(CONTROL.test(text) ? text.replace(LINE_ENDS, ' ').replace(CONTROLS, '') : text);

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROL = /[\0-\x08\n-\x1f\x7f\u202d\u202e]/;
const LINE_ENDS = /[\r\n]+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROLS = /[\0-\x08\x0b-\x1f\x7f\u202d\u202e]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC begins and ends the charset's runs
const JAPANESE = /\x1b\$[@B][^\x1b]*(?:\x1b(?:\$[@B]|\(I)[^\x1b]*)*(?:\x1b\([BJ])?/g;

const HEAD = /=\?([^?\s=]{1,60})\?([bq])\?/iy;
/** A word that a program cut where the field became too long for it, with half an octet at its end. */
const CUT = /(=\?[^?\s=]{1,60}\?[bq]\?[^?\s]+?)(?:=[0-9a-f]?)?\??$/i;
const BLANK = /^[ \t\r\n]*$/;
const NOT_ASCII = /[\x80-\xff]/;
const MAX_WORD = 200;
