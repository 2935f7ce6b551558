import { parseEmailAddress } from '../addresses/email-address.ts';
import type { Person } from './types.ts';

/**
 * Recipients as people type and paste them: 'Anna Leitner <anna@x.at>, "Muster, Max" <max@y.at>; office@z.at'. Commas, semicolons and
 * line breaks divide, except within quotation marks and angle brackets. Pieces without an address are kept as they are, to be shown
 * as wrong instead of vanishing.
 */
export function parseAddressList(input: string): Person[] {
  return splitList(input)
    .map((piece) => piece.trim())
    .filter(Boolean)
    .map(parsePerson);
}

function splitList(input: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let quoted = false;
  let angled = false;
  for (const character of input) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === '<') angled = true;
    else if (!quoted && character === '>') angled = false;
    if (!quoted && !angled && /[,;\n\r]/.test(character)) {
      pieces.push(piece);
      piece = '';
    } else piece += character;
  }
  return [...pieces, piece];
}

function parsePerson(piece: string): Person {
  const match = /^(.*)<([^<>]*)>\s*$/s.exec(piece);
  if (!match) return { name: '', address: piece };
  const name = (match[1] ?? '')
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .replace(/\\(["\\])/g, '$1')
    .trim();
  return { name, address: (match[2] ?? '').trim() };
}

export const isValidAddress = (address: string): boolean => parseEmailAddress(address) !== null;

/** What people read for a person: the name, or the address where there is none. */
export const personName = (person: Person): string => person.name || person.address;

/** "AL" for Anna Leitner, "O" for office@…; never empty. */
export function initialsOf(person: Person): string {
  const words = (person.name || person.address.split('@')[0] || '?').split(/[\s._-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? '')].find((c) => /[\p{L}\p{N}]/u.test(c)) ?? '',
  );
  return letters.join('').toUpperCase() || '?';
}
