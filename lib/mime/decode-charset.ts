import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { canonicalCharset, isKnownCharset, isWide, windowsFor } from './charset-names.ts';
import { decodeHz, decodeIso2022Jp, decodeShifted, hasJapaneseEscape, hasKoreanEscape } from './decode-iso-2022.ts';
import { joinSurrogates, namedC1, undoDoubleUtf8 } from './repair-text.ts';

/**
 * Text of bytes in a MIME charset. The label is believed as long as the bytes do not speak against it: bytes that can only be UTF-8 are
 * UTF-8 whatever they are called, and what is called UTF-8 and is none is read line by line, broken UTF-8 as such, the rest as
 * windows-1252. Unknown charsets and us-ascii count as UTF-8. Unnamed ISO-2022-JP and -KR are known by their escapes, UTF-16 by its mark,
 * EUC-JP and Shift_JIS by the kana that every Japanese sentence has. The result never holds NUL or a lone surrogate (Postgres stores neither). Linear time.
 */
export function decodeCharset(bytes: Buffer, charset: string | undefined): string {
  const name = canonicalCharset(charset);
  const stateful = decodeStateful(bytes, name);
  if (stateful !== null) return storable(stateful);
  const unnamed = asUtf8.has(name) || !isKnownCharset(name);
  if (!isStatefulCharset(name) && isAscii(bytes)) return asciiText(bytes, unnamed);
  if (unnamed || (isTwoBytes(name) ? isNarrow(bytes) : isUtf8InTruth(bytes, name))) return decodeUtf8OrWestern(bytes);
  const windows = windowsFor(name);
  const text = iconv.decode(bytes, windows !== undefined && hasC1(bytes) ? windows : name);
  // a letter or two may be in any charset by chance, but not in one where they are none
  if (isWide(name) && text.includes('\ufffd') && isUtf8(bytes)) return decodeUtf8OrWestern(bytes);
  // Apple put the euro in the place of the currency sign in 1998; the table has the older one
  return storable(namedC1(withoutMark(name === 'macintosh' ? text.replaceAll('¤', '€') : text)));
}

/** 8-bit bytes of no known charset, as in headers. */
export function decodeUtf8OrWestern(bytes: Buffer): string {
  if (isUtf8(bytes)) return withoutNul(undoDoubleUtf8(withoutMark(bytes.toString('utf8'))));
  const mark = bytes.length > 3 ? bytes.readUInt16BE(0) : 0;
  if (mark === 0xfeff || mark === 0xfffe) return storable(iconv.decode(bytes, 'utf-16'));
  const japaneseName = hasKana(bytes, extendedPair) ? 'euc-jp' : hasKana(bytes, shiftedPair) ? 'shift_jis' : null;
  if (japaneseName) return storable(iconv.decode(bytes, japaneseName));
  return storable(decodeLines(joinSurrogates(bytes)));
}

/** Whether a charset was named that says something: not us-ascii, not what nobody knows. */
export function isUsefulCharset(charset: string | undefined): boolean {
  const name = canonicalCharset(charset);
  return !ascii.has(name) && (asUtf8.has(name) || japanese.test(name) || isStatefulCharset(name) || isKnownCharset(name));
}

/** Charsets whose 7-bit bytes are not ASCII, or that carry a state from byte to byte: pieces are decoded each by itself. */
export function isStatefulCharset(name: string): boolean {
  return /^(utf-?(7|16|32)|unicode$|(cs)?iso-?2022|hz|cp5022|ucs-?[24]|iso-10646)/.test(name);
}

/** Text without NUL and lone surrogates. */
export function storable(text: string): string {
  return withoutNul(text.isWellFormed() ? text : text.toWellFormed());
}

/** The 7-bit charsets of East Asia, and UTF-7; null for all others. */
function decodeStateful(bytes: Buffer, name: string): string | null {
  if (japanese.test(name)) return isAscii(bytes) ? decodeIso2022Jp(bytes) : decodeJapanese(bytes);
  if (name === 'iso-2022-kr') return iconv.decode(decodeShifted(bytes), 'cp949');
  if (name.startsWith('iso-2022-cn')) return iconv.decode(decodeShifted(bytes), 'gbk');
  if (hz.has(name)) return iconv.decode(decodeHz(bytes), 'gbk');
  // who writes eighth bits wrote something else
  if (name.startsWith('utf-7'))
    return !isAscii(bytes) ? decodeUtf8OrWestern(bytes) : withoutMark(iconv.decode(bytes, name === 'utf-7-imap' ? name : 'utf-7'));
  return null;
}

/** What is called ISO-2022-JP and has eighth bits is one of the other charsets of Japan: the one that has letters for all of them. */
function decodeJapanese(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  if (hasJapaneseEscape(bytes)) return decodeIso2022Jp(bytes);
  const [shifted, extended] = [iconv.decode(bytes, 'shift_jis'), iconv.decode(bytes, 'euc-jp')];
  return lostIn(extended) < lostIn(shifted) ? extended : shifted;
}

/** 0: no letter of that charset; 1: half a letter's width; 2: two bytes; 3: two bytes, a kana */
type Pair = (lead: number, trail: number) => 0 | 1 | 2 | 3;

const extendedPair: Pair = (lead, trail) => {
  if (trail < 0xa1 || trail > 0xfe || (lead !== 0x8e && (lead < 0xa1 || lead > 0xfe))) return 0;
  return lead === 0xa4 || lead === 0xa5 ? 3 : 2;
};

const shiftedPair: Pair = (lead, trail) => {
  if (lead >= 0xa1 && lead <= 0xdf) return 1;
  if (lead === 0x80 || lead === 0xa0 || lead > 0xfc || trail < 0x40 || trail === 0x7f || trail > 0xfc) return 0;
  return (lead === 0x82 && trail >= 0x9f && trail <= 0xf1) || (lead === 0x83 && trail <= 0x96) ? 3 : 2;
};

/**
 * Whether all letters are of that charset, one in five is a kana, and fewer are half a letter's width, as broken UTF-8 of Russian seems to be: words of
 * no other charset are so by chance. The last may be cut.
 */
function hasKana(bytes: Buffer, pair: Pair): boolean {
  let [letters, kana, halves] = [0, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) continue;
    const trail = bytes[at + 1];
    if (trail === undefined) break;
    const width = pair(lead, trail);
    if (width === 0) return false;
    letters++;
    if (width === 3) kana++;
    if (width === 1) halves++;
    if (width > 1) at++;
  }
  return kana >= 3 && kana * 5 >= letters && kana > halves;
}

function asciiText(bytes: Buffer, unnamed: boolean): string {
  if (unnamed && hasJapaneseEscape(bytes)) return storable(decodeIso2022Jp(bytes));
  if (unnamed && hasKoreanEscape(bytes)) return storable(iconv.decode(decodeShifted(bytes), 'cp949'));
  return withoutNul(bytes.toString('latin1'));
}

/** Lines of a letter may come from different programs: an answer in UTF-8 around a quotation in Latin-1. Each is read as what it is. */
function decodeLines(bytes: Buffer): string {
  let result = '';
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    result += decodeLine(bytes.subarray(start, end));
    start = end;
  }
  return result;
}

/** A character of UTF-8 that was cut in two does not make the others Latin-1. */
function decodeLine(line: Buffer): string {
  const text = line.toString('utf8');
  if (isUtf8(line)) return text;
  let [good, broken] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd) broken++;
    else if (code > 127) good++;
  }
  return good > broken ? text : iconv.decode(line, 'windows-1252');
}

/**
 * Other charsets make valid UTF-8 by chance only: in windows-1252 not even one letter, in the others now and then two; in those of two bytes
 * a word may be valid, three long sequences are not.
 */
function isUtf8InTruth(bytes: Buffer, name: string): boolean {
  if (!isUtf8(bytes)) return false;
  const wide = isWide(name);
  const enough = wide ? 3 : name === 'windows-1252' || name === 'iso-8859-15' ? 1 : 2;
  let found = 0;
  for (let at = 0; at < bytes.length && found < enough; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= (wide ? 0xe0 : 0xc2)) found++;
  }
  return found >= enough;
}

/** Two bytes a character: among them are line ends and blanks, whose upper half is zero. */
const isTwoBytes = (name: string): boolean => /^(utf-?(16|32)|ucs)/.test(name);
const isNarrow = (bytes: Buffer): boolean => !bytes.includes(0) && isUtf8(bytes);

const hasC1 = (bytes: Buffer): boolean => bytes.some((byte) => byte >= 0x80 && byte < 0xa0);

/** letters that are none, and those of half width that nobody writes in a row */
const lostIn = (text: string): number => text.split(/[\ufffd\uff61-\uff9f]/).length;
const withoutNul = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', '') : text);
const withoutMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
const japanese = /^((cs)?iso-?2022-?jp|cp5022[0-2])/;
const hz = new Set(['hz', 'hz-gb-2312', 'hz-gb2312', 'hzgb2312']);
const ascii = new Set(['', 'us-ascii', 'ascii', 'ansi_x3.4-1968']);
const asUtf8 = new Set([...ascii, 'utf-8', 'utf8']);
