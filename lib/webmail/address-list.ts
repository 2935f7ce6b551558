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

/**
 * Whether an address can be right: what the page says while somebody types. The server decides (lib/addresses/email-address.ts), which
 * knows domains in every script.
 */
export const looksLikeAddress = (address: string): boolean =>
  address.length <= 254 &&
  /^[^\s@<>()[\]\\,;:"]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u.test(address);
