import iconv from 'iconv-lite';
import { wordTable } from './word-table.ts';

/** The name by which the decoders know a charset; empty for none. Programs write a charset's name in many ways. */
export function canonicalCharset(charset: string | undefined): string {
  // RFC 2231 allows a language behind it; some programs write the parameter's name twice, or its semicolon inside
  const name = (charset ?? '').slice(0, mostRead).trim().toLowerCase();
  const plain = name.replace(/^["']|["';]+$|\*.*$/g, '').replace(/^charset=/, '');
  if (plain.length > longestName) return '';
  const known = aliases.get(plain);
  if (known !== undefined) return known;
  if (isKnownCharset(plain)) return plain;
  // x- was put before names that have been registered since, and makers of programs before numbers of theirs
  const bare = plain.replace(/^x-/, '').replace(/^(ms|windows|win|dos|ibm)-?(?=(cp)?\d)/, 'cp');
  const shorter = bare.replace(/^cpcp/, 'cp');
  return aliases.get(shorter) ?? (isKnownCharset(shorter) ? shorter : plain);
}

/** Looked up here because iconv-lite throws and catches for unknown names, which is slow where a hostile message has 100,000 of them. */
export function isKnownCharset(name: string): boolean {
  return known.has(name.replace(/:\d{4}$|[^0-9a-z]/g, ''));
}

/** Charsets whose letters are two bytes or more. */
export const isWide = (name: string): boolean => /^(gb|cp936|big5|cp950|euc|shift|sjis|cp932|ks|cp949|windows31j|windows-31j)/.test(name);

/**
 * The charset of Windows for the same letters. It has signs where those of ISO have none (0x80 to 0x9F), and some letters elsewhere: who writes
 * such signs writes all of it so, whatever he calls it.
 */
export const windowsFor = (name: string): string | undefined => windowsOf.get(name.replace(/[^0-9a-z]/g, ''));

const windowsOf = wordTable<string>({
  iso88592: 'windows-1250',
  latin2: 'windows-1250',
  iso88594: 'windows-1257',
  iso88595: 'windows-1251',
  iso88596: 'windows-1256',
  iso88597: 'windows-1253',
  iso88598: 'windows-1255',
  iso885913: 'windows-1257',
});

const mostRead = 100;
const longestName = 60;

/** Names that programs write and iconv-lite does not know. What says Latin-1 means windows-1252 (as the WHATWG encoding standard has it). */
const aliases = wordTable<string>({
  'iso-8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'latin-1': 'windows-1252',
  'iso_8859-1': 'windows-1252',
  'iso8859-1': 'windows-1252',
  iso8859_1: 'windows-1252',
  '8859-1': 'windows-1252',
  ansi: 'windows-1252',
  'iso-8859-1-windows-3.1-latin-1': 'windows-1252',
  'iso-8859-9': 'windows-1254',
  latin5: 'windows-1254',
  'iso-8859-11': 'windows-874',
  'tis-620': 'windows-874',
  latin9: 'iso-8859-15',
  'unicode-1-1-utf-7': 'utf-7',
  utf7: 'utf-7',
  csunicode11utf7: 'utf-7',
  'x-unicode-2-0-utf-7': 'utf-7',
  'unicode-2-0-utf-7': 'utf-7',
  'unicode-1-1-utf-8': 'utf-8',
  'unicode-utf-8': 'utf-8',
  utf8mb4: 'utf-8',
  'utf-8mb4': 'utf-8',
  utf_8: 'utf-8',
  'x-utf8': 'utf-8',
  cp65001: 'utf-8',
  'windows-65001': 'utf-8',
  'iso-8859-8-i': 'iso-8859-8',
  'iso-8859-8-e': 'iso-8859-8',
  logical: 'iso-8859-8',
  visual: 'iso-8859-8',
  'iso-8859-6-i': 'iso-8859-6',
  'iso-8859-6-e': 'iso-8859-6',
  // its superset, with letters of four bytes, which programs write under the old names (as the WHATWG encoding standard has it)
  gb2312: 'gb18030',
  'gb_2312-80': 'gb18030',
  csgb2312: 'gb18030',
  csiso58gb231280: 'gb18030',
  'iso-ir-58': 'gb18030',
  chinese: 'gb18030',
  'cn-gb': 'gb18030',
  gbk: 'gb18030',
  'x-gbk': 'gb18030',
  cp936: 'gb18030',
  ms936: 'gb18030',
  'windows-936': 'gb18030',
  'x-sjis': 'shift_jis',
  'x-sjis-jp': 'shift_jis',
  'sjis-jp': 'shift_jis',
  ms_kanji: 'shift_jis',
  'x-mac-roman': 'macintosh',
  'x-mac-ce': 'maccenteuro',
  'mac-ce': 'maccenteuro',
  'x-mac-cyrillic': 'maccyrillic',
  'x-mac-ukrainian': 'macukraine',
  'x-mac-greek': 'macgreek',
  'x-mac-turkish': 'macturkish',
  'x-mac-icelandic': 'maciceland',
  csiso2022kr: 'iso-2022-kr',
  unicode: 'utf-16',
  'iso-10646-ucs-2': 'utf-16',
  'ucs-2': 'utf-16',
  'x-euc': 'euc-jp',
  uhc: 'cp949',
  koi: 'koi8-r',
  koi8: 'koi8-r',
  'iso-ir-111': 'koi8-r',
});

const known = knownNames();
function knownNames(): Set<string> {
  iconv.encodingExists('utf-8'); // loads the list
  const names = Object.keys((iconv as unknown as { encodings: Record<string, unknown> }).encodings);
  return new Set(names.filter((name) => name !== 'base64' && name !== 'hex' && name !== 'binary' && !name.startsWith('_')));
}
