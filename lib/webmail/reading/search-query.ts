/** What a person typed into the search box, taken apart. Pure: the page makes chips of it, the server makes IMAP SEARCH of it. */

import { labelNamed } from './labels.ts';
import { wordTable } from '../../mime/word-table.ts';

export type SearchKey = 'from' | 'to' | 'subject' | 'body' | 'has' | 'is' | 'before' | 'after' | 'label' | 'text';

export interface SearchTerm {
  key: SearchKey;
  /** as typed, without quotation marks; for before/after an ISO date; for has/is the canonical word */
  value: string;
  /** the piece of input it came from, for chips */
  typed: string;
}

const keys = wordTable<SearchKey | 'until'>({
  von: 'from',
  from: 'from',
  an: 'to',
  to: 'to',
  betreff: 'subject',
  subject: 'subject',
  text: 'body',
  body: 'body',
  hat: 'has',
  has: 'has',
  ist: 'is',
  is: 'is',
  vor: 'before',
  before: 'before',
  nach: 'after',
  after: 'after',
  seit: 'after',
  since: 'after',
  bis: 'until',
  until: 'until',
  schlagwort: 'label',
  label: 'label',
});

const words = wordTable<string>({
  anhang: 'attachment',
  attachment: 'attachment',
  ungelesen: 'unread',
  unread: 'unread',
  gelesen: 'read',
  read: 'read',
  markiert: 'flagged',
  flagged: 'flagged',
  starred: 'flagged',
  beantwortet: 'answered',
  answered: 'answered',
});

const allowedWords: Partial<Record<SearchKey, readonly string[]>> = {
  has: ['attachment'],
  is: ['unread', 'read', 'flagged', 'answered'],
};

const mostTerms = 20;
const spacedOperator = new RegExp(`(^|\\s)(${[...keys.keys()].join('|')}):[ ]+(?=[^\\s:]+(?:\\s|$))`, 'gi');
const piece = /(?:([\p{L}]+):)?(?:"([^"]*)"|„([^“"]*)[“"]|(\S+))/gu;

/** Operators with a value that makes no sense (hat:hund, vor:irgendwann) are searched for as plain words. */
export function parseSearch(input: string): SearchTerm[] {
  const terms: SearchTerm[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const plain = input.slice(0, 1000).replace(/[\u0000-\u001f\u007f\u00a0]+/g, ' ');
  // "von: Ötzi", as one writes a colon
  const clean = plain.replace(spacedOperator, (_, before: string, key: string) => `${before}${key}:`);
  for (const match of clean.matchAll(piece)) {
    if (terms.length >= mostTerms) break;
    const typed = match[0];
    const value = (match[2] ?? match[3] ?? match[4] ?? '').trim();
    const key = keys.get((match[1] ?? '').toLowerCase());
    const operator = key && operatorTerm(key, value, typed);
    if (operator) terms.push(operator);
    else {
      const text = (match[1] ? typed.replaceAll('"', '') : value).trim();
      if (text) terms.push({ key: 'text', value: text, typed });
    }
  }
  return terms;
}

function operatorTerm(key: SearchKey | 'until', value: string, typed: string): SearchTerm | null {
  if (value === '') return null;
  // "bis 5. Oktober" has that day in it, "vor" has not
  if (key === 'until') {
    const date = parseDay(value, 'end');
    return date ? { key: 'before', value: date, typed } : null;
  }
  const allowed = allowedWords[key];
  if (allowed) {
    const word = words.get(value.toLowerCase());
    return word && allowed.includes(word) ? { key, value: word, typed } : null;
  }
  if (key === 'label') {
    const word = labelNamed(value);
    return /^[A-Za-z0-9$_.-]{1,100}$/.test(word) ? { key, value: word, typed } : null;
  }
  if (key === 'before' || key === 'after') {
    const date = parseDay(value);
    return date ? { key, value: date, typed } : null;
  }
  return { key, value, typed };
}

/** "2026-10-01", "1.10.2026", "1.10.26", "2026-10" or "2026" as the ISO date that it begins with, or the first one after it; null if there is no such day. */
export function parseDay(value: string, edge: 'begin' | 'end' = 'begin'): string | null {
  const iso = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/.exec(value);
  const german = /^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})$/.exec(value);
  const [year, month, day] = iso
    ? [Number(iso[1]), Number(iso[2] ?? 1), Number(iso[3] ?? 1)]
    : german
      ? [Number(german[3]) + (german[3]?.length === 2 ? 2000 : 0), Number(german[2]), Number(german[1])]
      : [0, 0, 0];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 1970 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  if (edge === 'end') {
    if (iso && iso[2] === undefined) date.setUTCFullYear(year + 1);
    else if (iso && iso[3] === undefined) date.setUTCMonth(month);
    else date.setUTCDate(day + 1);
  }
  // behind the last day that can be named there is none
  return date.getUTCFullYear() > 9999 ? '9999-12-31' : date.toISOString().slice(0, 10);
}

/** The words whose occurrences are marked in the list. */
export const wordsToMark = (terms: readonly SearchTerm[]): string[] =>
  terms.filter((term) => ['text', 'from', 'to', 'subject', 'body'].includes(term.key)).map((term) => term.value);
