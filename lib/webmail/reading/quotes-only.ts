import { pictureSign } from '../html/tail-quote.ts';
import { normalForm } from '../../mime/normal-form.ts';
import type { Person } from './mail-message.ts';

const longest = 300_000;

/** What is known of the letter that is quoted. */
interface QuotedHead {
  from: readonly Person[];
  subject: string;
}

/**
 * Whether a quotation holds nothing but what stands in the letter that it quotes. Compared by words, since programs break lines anew, add
 * ">" and lose blanks. The lines that introduce a quotation, and the head that Outlook puts above it, are its own. Of pictures there are no more than
 * the letter has. Linear time.
 */
export function quotesOnly(quotation: string, original: string, pictures = 0, head: QuotedHead = nobody): boolean {
  if (quotation.length > longest || original.trim() === '') return false;
  if (quotation.split(pictureSign).length - 1 > pictures) return false;
  const { known, ends } = wordsOf(original.slice(0, longest * 2));
  let found = false;
  let introducing = 0;
  let at = 0;
  const lines = quotation.split('\n');
  const [headBegin, headEnd] = headOf(lines, head);
  for (const [number, line] of lines.entries()) {
    // what somebody passes on is the message, also where it stands above
    if (!found && forwarded.test(line)) return false;
    const words = bare(line);
    if (words === '') continue;
    // in the order of the letter, so that each line is looked for once
    const next = placeOf(words, known, at);
    const end = next + words.length;
    if (next >= 0 && (!found || words.length > shortest || isWhole(ends, next, end, at))) {
      found = true;
      at = end;
    } else {
      const introduces = (number >= headBegin && number < headEnd) || isIntroduction(line, head);
      if (found || !introduces || ++introducing > mostIntroducing) return false;
    }
  }
  return found;
}

/** Each is looked for in all of the letter: a head has so many lines where all whom it names stand in it. */
const mostIntroducing = 50;

/**
 * As indexOf, by Knuth, Morris and Pratt: that of the engine takes a minute where a stranger wrote a letter of one sign, and quotes another one in
 * the midst of many.
 */
function placeOf(words: string, known: string, from: number): number {
  const overlap = new Int32Array(words.length);
  let same = 0;
  const advance = (sign: number): void => {
    while (same > 0 && words.charCodeAt(same) !== sign) same = overlap[same - 1] ?? 0;
    if (words.charCodeAt(same) === sign) same += 1;
  };
  for (let at = 1; at < words.length; at++) {
    advance(words.charCodeAt(at));
    overlap[at] = same;
  }
  same = 0;
  for (let at = from; at < known.length; at++) {
    advance(known.charCodeAt(at));
    if (same === words.length) return at + 1 - same;
  }
  return -1;
}

/** "Ja" stands in "Katja" too: so short a line is quoted only where it is whole words, near what was quoted before. Else it may be an answer. */
const shortest = 20;
const mostLeftOut = 200;
const isWhole = (ends: ReadonlySet<number>, from: number, to: number, at: number): boolean =>
  (from === at || ends.has(from)) && ends.has(to) && from - at <= mostLeftOut;

/** The letter without its blanks, and where words of it end and begin. */
function wordsOf(text: string): { known: string; ends: ReadonlySet<number> } {
  const ends = new Set([0]);
  const words: string[] = [];
  let length = 0;
  for (const [word] of normalForm(text, 'NFKC')
    .replace(unseen, '')
    .toLowerCase()
    .matchAll(/[^\s>|*_]+/g)) {
    words.push(word);
    length += word.length;
    ends.add(length);
  }
  return { known: words.join(''), ends };
}

const unseen = /[\u200b-\u200f\u00ad\ufeff\ufffc]+/g;
const bare = (text: string): string =>
  normalForm(text, 'NFKC')
    .replace(unseen, '')
    // as long as it is words: at the end of one, small letters are others in Greek
    .toLowerCase()
    .replace(/[\s>|*_]+/g, '');

const forwarded =
  /forwarded message|begin forwarded|weitergeleitete (nachricht|e-?mail)|anfang der weitergeleiteten|message transféré|messaggio inoltrato|mensaje reenviado|doorgestuurd bericht|wiadomość przekazana|пересылаемое сообщение|转发邮件|轉寄|転送/i;
const heads =
  /^\s*[>*]*\s*(von|gesendet|an|cc|bcc|betreff|datum|from|sent|to|subject|date|de|envoyé|à|objet|da|inviato|a|oggetto|priorität|importance|wichtigkeit)\s*:/i;
const wrote = /(schrieb|wrote|écrit|scritto|escribió|napisał|skrev|schreef)/i;
const drawn = /original message|ursprüngliche nachricht|urspr\.? nachricht|^\s*[-_]{5,}/i;

/**
 * Before the first words of the letter stand only its head and the line that introduces it, which programs end with a colon, or which has an address or a
 * time in it. A sentence that names an address or says "wrote" is somebody's.
 */
const isIntroduction = (line: string, { from }: QuotedHead): boolean =>
  line.length < 1000 &&
  (heads.test(line) ||
    drawn.test(line) ||
    namesPeople(line) ||
    (wrote.test(line) && isStamped(line)) ||
    (isDated(line) && /[:：]\s*$/.test(line) && names(line, from)));
/** With a day and a time: "Max, um 10:30 geht es:" is somebody's. */
const isDated = (line: string): boolean => /\d[:.]\d\d/.test(line) && (line.match(/\d+/g)?.length ?? 0) >= 4;
const isStamped = (line: string): boolean => line.trimEnd().endsWith(':') || /\d:\d\d/.test(line);
/** Addresses in brackets, or nothing but addresses. */
function namesPeople(line: string): boolean {
  const words = line.split(/[\s>*,;]+/).filter((word) => word !== '');
  return /[<([][^\s@<>()[\]]{1,200}@/.test(line) || (words.length > 0 && words.every((word) => word.includes('@')));
}

const nobody: QuotedHead = { from: [], subject: '' };

/** Whether an author stands in it, by name or by address; "Muster Max" is how Hungarians write it. */
function names(line: string, people: readonly Person[]): boolean {
  const words = bare(line);
  return people.slice(0, mostAuthors).some(({ name, address }) => {
    const parts = name.split(/[\s,"']+/).map(bare);
    return (address !== '' && words.includes(bare(address))) || (bare(name) !== '' && parts.every((part) => words.includes(part)));
  });
}

const mostAuthors = 10;
const labelled = /^[\s>*]*([^\s:：][^:：]{0,30})[:：](.*)$/;
const mostHeadLines = 12;

/**
 * Where the head that programs put above a quotation begins and ends, in whichever language: one line with a label after the other, from the
 * author's to the subject's. What stands above it may be an answer.
 */
function headOf(lines: readonly string[], { from, subject }: QuotedHead): [begin: number, end: number] {
  const told = bare(subject);
  const begin = lines.findIndex((line, number) => number < mostHeadLines && names(labelled.exec(line.slice(0, 1000))?.[2] ?? '', from));
  if (begin < 0 || told === '') return [0, 0];
  for (let number = begin + 1; number < Math.min(lines.length, begin + mostHeadLines); number++) {
    const line = (lines[number] ?? '').slice(0, 1000);
    const value = labelled.exec(line)?.[2];
    if (value === undefined) {
      if (line.trim() !== '') return [0, 0];
    } else if (bare(value) === told) return [begin, number + 1];
  }
  return [0, 0];
}
