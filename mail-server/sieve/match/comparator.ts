import { unicodeCasemap } from '../../search/normalise.ts';

/** How two strings are compared (RFC 4790). Positive and negative like a sort function; `fold` gives equal strings for what is equal. */
export interface Comparator {
  name: string;
  /** whether :contains and :matches work with it */
  substrings: boolean;
  ignoresCase: boolean;
  /** `fold` gives one character for one, whatever stands beside it */
  keepsLength: boolean;
  fold(text: string): string;
  compare(left: string, right: string): number;
}

const COMPARATORS: Record<string, Comparator> = {
  'i;octet': { name: 'i;octet', substrings: true, ignoresCase: false, keepsLength: true, fold: (text) => text, compare: compareOctets },
  'i;ascii-casemap': {
    name: 'i;ascii-casemap',
    substrings: true,
    ignoresCase: true,
    keepsLength: true,
    fold: asciiUpper,
    compare: (left, right) => compareOctets(asciiUpper(left), asciiUpper(right)),
  },
  'i;ascii-numeric': {
    name: 'i;ascii-numeric',
    substrings: false,
    ignoresCase: false,
    keepsLength: false,
    fold: numericKey,
    compare: compareNumbers,
  },
  'i;unicode-casemap': {
    name: 'i;unicode-casemap',
    substrings: true,
    ignoresCase: true,
    keepsLength: false,
    fold: unicodeCasemap,
    compare: (left, right) => compareOctets(unicodeCasemap(left), unicodeCasemap(right)),
  },
};

export const findComparator = (name: string): Comparator | undefined => (Object.hasOwn(COMPARATORS, name) ? COMPARATORS[name] : undefined);

export function asciiUpper(text: string): string {
  if (!LOWER.test(text)) return text;
  return ASCII.test(text) ? text.toUpperCase() : mapUnits(text, 0x61, 0x7a, -0x20);
}

export function asciiLower(text: string): string {
  if (!UPPER.test(text)) return text;
  return ASCII.test(text) ? text.toLowerCase() : mapUnits(text, 0x41, 0x5a, 0x20);
}

/** Moves the letters from one to another by so much; everything else stays what it is. */
function mapUnits(text: string, first: number, last: number, by: number): string {
  const bytes = Buffer.from(text, 'utf16le');
  for (let at = 0; at < bytes.length; at += 2) {
    const low = bytes[at] ?? 0;
    if (low >= first && low <= last && bytes[at + 1] === 0) bytes[at] = low + by;
  }
  return bytes.toString('utf16le');
}

/** Order of UTF-8 bytes is that of code points, which UTF-16 has wrong above U+FFFF only. */
function compareOctets(left: string, right: string): number {
  if (left === right) return 0;
  if (!SURROGATES.test(left) && !SURROGATES.test(right)) return left < right ? -1 : 1;
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** Digits at the start without zeros before them; what has none is infinite, and equal to its like (RFC 4790 section 9.1). */
function numericKey(text: string): string {
  const digits = /^\d+/.exec(text)?.[0];
  return digits === undefined ? '' : digits.replace(/^0+(?=\d)/, '');
}

function compareNumbers(left: string, right: string): number {
  const [a, b] = [numericKey(left), numericKey(right)];
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  if (a.length !== b.length) return a.length < b.length ? -1 : 1;
  return a < b ? -1 : 1;
}

const LOWER = /[a-z]/;
const UPPER = /[A-Z]/;
/** what has no bytes above, so that upper and lower case are those of ASCII */
const ASCII = /^\p{ASCII}*$/u;
const SURROGATES = /[\ud800-\udfff]/;
