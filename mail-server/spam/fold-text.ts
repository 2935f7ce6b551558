import { normalForm } from '../../lib/mime/normal-form.ts';
import type { Word } from './words/word.ts';

/** Words of a text as people read them, and how much was done to hide them from programs. */
export interface FoldedText {
  words: Word[];
  disguised: number;
  formulas: number;
  /** characters that nobody sees and no language needs, inside of words */
  invisible: number;
  long: number;
  /** long ones in capitals only */
  capitals: number;
}

/** letters of Cyrillic and Greek, and the Latin ones that they look like */
const alike = 'аa еe оo рp сc уy хx іi јj ѕs ԁd һh ӏl кk мm тt вb нh гr αa βb εe ηn ιi κk νv οo ρp τt υu χx';
const lookalikes = new Map(alike.split(' ').map(([from = '', to = '']) => [from, to]));
/** Latin letters in the place of those that look like them, and none with a mark. */
export const asLatin = (text: string): string =>
  [...normalForm(text, 'NFD')]
    .map((each) => lookalikes.get(each) ?? each)
    .join('')
    .replace(/\p{M}/gu, '');
/** What Unicode says that nobody sees. Marks, as those that choose an emoji's picture, are taken off with all others (foldWord). */
const invisible = /(?!\p{M})\p{Default_Ignorable_Code_Point}|\u034f/gu;
/** Persian and the scripts of India are spelt with joiners, emoji are put together of them, and some flags of tags. */
const joint = /\u200c|\u200d|[\u{e0020}-\u{e007f}]/u;
const firstSpeltSo = 0x600;
const formula = /[\u{1d400}-\u{1d7ff}]/u;
const word = /[\p{L}\p{N}$€£%][\p{L}\p{N}\p{M}'’$€£%-]*/gu;
const umlauts: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' };
const digits: Record<string, string> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't' };
const longestWord = 40;

/**
 * Lower case, umlauts as two letters, look-alikes of other alphabets and digits within words as the letters they stand for. Linear time; at most
 * `most` words.
 */
export function foldText(text: string, most: number): FoldedText {
  const folded: FoldedText = { words: [], disguised: 0, formulas: 0, invisible: 0, long: 0, capitals: 0 };
  const shown = text.replace(invisible, (found, at: number) => {
    if (!(text.charCodeAt(at - 1) >= firstSpeltSo && joint.test(found))) folded.invisible++;
    return '';
  });
  // piece by piece: of a long text most is not looked at
  const pieceLength = Math.min(longestPiece, most * usualWord);
  for (let at = 0; at < shown.length && folded.words.length < most; ) {
    const end = gapBehind(shown, at + pieceLength);
    for (const found of shown.slice(at, end).match(word) ?? []) {
      if (folded.words.length >= most) break;
      if (found.length > longestWord) continue;
      const read = readWord(found);
      if (read.isLong) folded.long++;
      if (read.inCapitals) folded.capitals++;
      if (read.isDisguised) folded.disguised++;
      if (read.isFormula) folded.formulas++;
      folded.words.push(read);
    }
    at = end;
  }
  return folded;
}

const longestPiece = 8_192;
/** characters, with what parts it from the next */
const usualWord = 8;
const gap = /\s/g;

/** Where no word is torn. */
function gapBehind(text: string, from: number): number {
  gap.lastIndex = from;
  return gap.exec(text)?.index ?? text.length;
}

const lately = new Map<string, Word>();
const mostRemembered = 30_000;

function readWord(found: string): Word {
  const known = lately.get(found);
  if (known) return known;
  // a copy: a piece of a text keeps the whole text in memory
  const own = Buffer.from(found).toString();
  const plain = normalForm(own, 'NFKC');
  const isLong = /^\p{L}{4,}$/u.test(plain);
  const isDisguised = isMixed(own.includes('µ') ? plain.replace('μ', '') : plain);
  const inCapitals = isLong && plain === plain.toUpperCase() && plain !== plain.toLowerCase();
  const text = foldWord(plain.toLowerCase(), isDisguised);
  const read = { text, isLong, inCapitals, isDisguised, isFormula: formula.test(own), known: [] };
  if (lately.size >= mostRemembered) lately.clear();
  lately.set(own, read);
  return read;
}

/** Within what a hyphen parts: "IT-отдел" and "β-Carotin" are words of two alphabets as people write them. */
const isMixed = (plain: string): boolean =>
  /[\u0370-\u052f]/.test(plain) && plain.split('-').some((part) => /[a-zäöüß]/i.test(part) && /[\u0370-\u052f]/.test(part));

function foldWord(lower: string, isDisguised: boolean): string {
  let result = lower;
  if (isDisguised) {
    result = [...result].map((each) => lookalikes.get(each) ?? each).join('');
  }
  if (/[^a-z0-9]/.test(result)) {
    result = result.replace(/[äöüß]/g, (each) => umlauts[each] ?? each);
    result = normalForm(result, 'NFD')
      .replace(/\p{M}/gu, '')
      .replace(/[’']s?$|[-’']+$/g, '');
  }
  return /^(?=\d?[a-z]+\d)[a-z\d]*[a-z][a-z\d]*[a-z]$/.test(result) && /[a-z][013457][a-z]/.test(result)
    ? result.replace(/(?<=[a-z])[013457](?=[a-z0-9])/g, (digit) => digits[digit] ?? digit)
    : result;
}
