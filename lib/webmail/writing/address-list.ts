import type { Person } from '../reading/mail-message.ts';

/**
 * Recipients as people type and paste them, from letters, spreadsheets and other programs: 'Anna Leitner <anna@x.at>, "Muster, Max"
 * <max@y.at>; Ozelt, Peter <peter@z.at>', 'anna@x.at max@y.at', columns of a table. What holds no address is kept as it is, to be shown as
 * wrong instead of vanishing.
 */
export function parseAddressList(input: string): Person[] {
  const lines = withoutInvisible(input)
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '');
  const isTableRow = (line: string) => isRow(line, lines.length === 1);
  return lines.flatMap((line) => {
    if (line.includes('\t')) return fromColumns(line.split('\t'));
    return isTableRow(line) ? fromColumns(line.split(';')) : fromLine(line);
  });
}

/**
 * "Eva;Lang;eva@x.at", as tables are saved here: one address, and a name in the other cells. With a blank behind a sign people write, and each is a recipient:
 * of "Anna Berger; eva@x.at", as Outlook copies it, Anna would be the name of Eva and get nothing. So it is with "Anna;Bernd;eva@x.at" alone.
 */
function isRow(line: string, alone: boolean): boolean {
  const cells = line.split(';').map((cell) => cell.trim());
  const names = cells.filter((cell) => !cell.includes('@'));
  return (
    !/ ;|; /.test(line.trim()) &&
    cells.length <= mostCells &&
    cells.length === names.length + 1 &&
    names.some(Boolean) &&
    (!alone || names.some((cell) => /\S\s+\S/.test(cell))) &&
    names.every((cell) => /^[\p{L}\p{M}\p{N} .'’-]*$/u.test(cell)) &&
    cells.some(looksLikeAddress)
  );
}
const mostCells = 5;

/** Zero-width signs and marks of direction come along when one copies; a no-break space is a space. */
const withoutInvisible = (text: string): string =>
  text
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, '')
    .replace(/[\u00a0\u2000-\u200a\u202f\u3000]/g, ' ')
    // as keyboards of East Asia write them; within quotation marks before an address they are a name
    .replace(/\\.|"(?:[^"\\]|\\.)*"(?=\s*<)|[＠，；、]/gs, (sign) => ({ '＠': '@', '，': ',', '；': ';', '、': ',' })[sign] ?? sign);

/** A row of a table: the cell with the address, and the name beside it. */
function fromColumns(row: readonly string[]): Person[] {
  const cells = row.map((cell) => cell.trim()).filter(Boolean);
  const found = cells.filter((cell) => cell.includes('@')).flatMap(fromLine);
  const [person] = found;
  const names = cells.filter((cell) => !cell.includes('@'));
  if (found.length === 1 && person) return [person.name ? person : { ...person, name: names.join(' ') }];
  return found.length > 0 ? found : fromLine(cells.join(' '));
}

function fromLine(line: string): Person[] {
  return split(line, ';').flatMap((part) => joinNames(fromQuotedColumns(split(part, ',')).flatMap(splitBlanks)).flatMap(parsePerson));
}

/** Cut at a sign, except within quotation marks, angle brackets and the comment behind an address. */
function split(text: string, sign: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let quoted = false;
  let angled = false;
  // what is never closed divides nothing
  let commentsLeft = (text.match(/\)/g) ?? []).length;
  let commented = false;
  for (const character of text.match(/\\["\\]|./gsu) ?? []) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === '<') angled = true;
    else if (!quoted && character === '>') angled = false;
    else if (!quoted && character === '(') commented = commentsLeft > 0;
    else if (character === ')') {
      commented = false;
      commentsLeft -= 1;
    }
    if (!quoted && !angled && !commented && character === sign) {
      pieces.push(piece);
      piece = '';
    } else piece += character;
  }
  // A quotation mark that was never closed, as in 5" pipes: then it divides nothing.
  if (quoted && text.includes(sign))
    return text
      .replaceAll('"', ' ')
      .split(sign)
      .map((part) => part.trim())
      .filter(Boolean);
  return [...pieces, piece].map((part) => part.trim()).filter(Boolean);
}

/** A row of a table as text, every cell in quotation marks: the cell with the address, and the name beside it. */
function fromQuotedColumns(cells: string[]): string[] {
  const inner = cells.map((cell) => /^"([^"]*)"$/.exec(cell)?.[1] ?? null);
  const addresses = inner.filter((cell) => cell !== null && looksLikeAddress(cell));
  if (cells.length < 2 || inner.includes(null) || addresses.length !== 1) return cells;
  const names = inner.filter((cell) => cell && !looksLikeAddress(cell)).join(' ');
  return [`${names} <${addresses[0]}>`];
}

/** "Ozelt, Peter <peter@z.at>": what has no address belongs to the name that follows. */
function joinNames(pieces: readonly string[]): string[] {
  const joined: string[] = [];
  let name: string[] = [];
  for (const piece of pieces) {
    if (!piece.includes('@')) {
      name.push(piece);
      continue;
    }
    const named = /^[^<@]*\S[^<@]*<[^<>]*>$/.test(piece);
    if (named && name.length > 0) joined.push([...name, piece].join(', '));
    else joined.push(...name, piece);
    name = [];
  }
  return [...joined, ...name];
}

/** Several addresses with nothing but blanks between: "a@x.at b@y.at", "Eva <eva@x.at> Otto <otto@y.at>". */
function splitBlanks(piece: string): string[] {
  const words = piece.split(/\s+/);
  if (quotedName.test(piece)) return [piece];
  if (words.length > 1 && words.every((word) => looksLikeAddress(bare(word)))) return words;
  if ((piece.match(/</g) ?? []).length < 2 || piece.includes('"')) return [piece];
  return piece.split(/(?<=>)\s+/).filter(Boolean);
}

/** '"Max <alt@x.at>" <max@x.at>': whatever stands in it, it is a name. */
const quotedName = /^"(?:[^"\\]|\\.)*"\s*<[^<>]*>$/;

/** Without what is put around an address: brackets, quotation marks, "mailto:". */
function bare(word: string): string {
  if (/^"(?:[^"\\]|\\.)*"@/.test(word)) return word.replace(/[>)]+$/, '');
  const inner = word.replace(/^['"‘’“”„«»<(]+|['"‘’“”«»>)]+$/g, '').trim();
  if (!/^mailto:/i.test(inner)) return inner;
  const address = inner.slice('mailto:'.length).split('?', 1)[0] ?? '';
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** "undisclosed-recipients:" of an empty group: nobody. */
const groupName = /^[^@<>"]*[^@<>":\s]\s*:$/;

function parsePerson(given: string): Person[] {
  if (groupName.test(given.trim())) return [];
  const found = readPerson(given.replace(/^\s*(?:[•·*–-]|\d+[.)])\s+(?=\S)/, ''));
  if (looksLikeAddress(found.address)) return [found];
  // "a@x.at und b@x.at", a link, a full stop behind: what is an address is taken out of what is around it.
  const inside = [...new Set(given.match(embedded) ?? [])].filter(looksLikeAddress);
  return inside.length > 0 && !/^[^@]*"[^"]*"@/.test(given) && !hasBrokenAddress(given)
    ? inside.map((address) => ({ name: '', address }))
    : [found];
}

function readPerson(piece: string): Person {
  const angled = /^(.*)<([^<>]*)>[\s.]*$/s.exec(piece);
  // "Max <max@x.at, Eva <eva@x.at>": who is in brackets before the last would be a part of Eva's name, and get nothing
  if (angled && (quotedName.test(piece) || !/[<>]/.test((angled[1] ?? '').replace(/"[^"]*"/g, ''))))
    return { name: plainName(angled[1] ?? ''), address: bare((angled[2] ?? '').trim()) };
  const address = bare(piece);
  if (looksLikeAddress(address)) return { name: '', address };
  // "max@muster.at (Max Muster)", as older programs write it
  const commented = /^(\S+@\S+)\s+\(([^()]*)\)$/.exec(piece);
  if (commented && !holdsAddresses(commented[2] ?? '')) return { name: plainName(commented[2] ?? ''), address: bare(commented[1] ?? '') };
  const trailing = /^([^@]*\S)\s+(\S+@\S+)$/.exec(piece);
  if (trailing && looksLikeAddress(bare(trailing[2] ?? '')))
    return { name: plainName(trailing[1] ?? ''), address: bare(trailing[2] ?? '') };
  return { name: '', address: piece };
}

/** "max@x.at (eva@x.at, otto@x.at)": recipients that would be a name, and get nothing. */
const holdsAddresses = (comment: string): boolean => /[,;]/.test(comment) && comment.includes('@');

const plainName = (text: string): string =>
  text
    .trim()
    // "Team:" is the name of a group, "E-Mail:" what a form calls the field
    .replace(/^[^"<>@:]*:\s*/, '')
    .replace(/^"(.*)"$/s, (_, inner: string) => inner)
    .replace(/^'(.*)'$/s, (_, inner: string) => inner)
    .replace(/\\(["\\])/g, (_, sign: string) => sign)
    .trim();

/** A person as it may be typed and read back: a name with a comma keeps its quotation marks, and stays on one line and in one column. */
export const writtenPerson = ({ name: given, address }: Person): string => {
  const name = given.replace(/\p{Cc}+/gu, ' ').trim();
  if (!name) return address;
  const quoted = /[",;<>@()[\]:\\＠，；、]/.test(name) ? `"${name.replace(/["\\]/g, (sign) => `\\${sign}`)}"` : name;
  return `${quoted} <${address}>`;
};

// Addresses of others are theirs: dots anywhere, quotation marks, and names longer than 64 octets are in use (RFC 5321 section 4.5.3.1.1).
const localPart = /[^\s@<>()[\]\\,;:"]{1,250}|"(?:[^"\\\p{C}]|\\[\x20-\x7e])*"/u.source;
const label = /[\p{L}\p{N}_](?:[\p{L}\p{N}\p{M}_-]{0,61}[\p{L}\p{N}_])?/u.source;
const wholeAddress = new RegExp(`^(?:${localPart})@(?:${label}\\.)+[\\p{L}\\p{N}-]{2,63}$`, 'u');

const embedded = new RegExp(`[^\\s@<>()[\\]\\\\,;:"'/=]{1,250}@(?:${label}\\.)+[\\p{L}\\p{N}-]{2,63}`, 'gu');
/** More "@" than addresses: something is mistyped, and stays to be seen. */
const hasBrokenAddress = (text: string): boolean => (text.match(/@/g) ?? []).length > (text.match(embedded) ?? []).length;

/**
 * Whether an address can be right: what the page says while somebody types. The server decides (lib/addresses/envelope-path.ts), which
 * knows domains in every script.
 */
export const looksLikeAddress = (address: string): boolean => address.length <= 254 && wholeAddress.test(address);
