import { domainToUnicode } from 'node:url';
import { organisationOf } from '../../addresses/organisation.ts';
import { displayDomain } from '../../addresses/domain-name.ts';
import type { Person } from '../reading/mail-message.ts';
import { normalForm } from '../../mime/normal-form.ts';

/** What should make a reader look twice at a sender; each has a sentence in the messages `mail.read.cautions`. */
export type Caution =
  /** the name of somebody known, at another address */
  | { kind: 'same-name'; name: string; known: string }
  /** a domain that looks like a known one */
  | { kind: 'alike'; domain: string; known: string }
  /** an address stands where the name should, or the reader's own domain, and it is another one */
  | { kind: 'name-is-address'; name: string }
  /** letters of several alphabets in one word of the name */
  | { kind: 'mixed-letters'; name: string }
  /** the reader's own domain, of a letter that was not submitted here */
  | { kind: 'own-domain'; domain: string };

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** `known`: people the reader has written to, and colleagues. Never who has only written to the reader. Asked about letters from outside. */
export function cautionsOf(sender: Person, known: readonly Person[], ownDomain = ''): Caution[] {
  const address = sender.address.toLowerCase();
  const domain = domainOf(address);
  if (ownDomain !== '' && (domain === ownDomain || domain.endsWith(`.${ownDomain}`)))
    return [{ kind: 'own-domain', domain: displayDomain(domain) }];
  if (!address.includes('@') || known.some((person) => person.address.toLowerCase() === address)) return [];
  return [sameName(sender, known) ?? mixedLetters(sender), alike(domain, known), nameIsAddress(sender, ownDomain)].filter(
    (caution) => caution !== null,
  );
}

/** Many programs show the name alone; and of "chef@bank.at"@elsewhere.example a hurried eye reads the beginning. */
function nameIsAddress({ name, address }: Person, ownDomain: string): Caution | null {
  const before = address.slice(0, address.lastIndexOf('@'));
  for (const text of [name, before]) {
    const shown = /[^\s<>"'(),;:]{1,64}@([^\s<>"'(),;:@]{1,253}\.[^\s<>"'(),;:@.]{2,63})/u.exec(withPlainDots(text));
    if (shown?.[1] && organisationOf(shown[1].toLowerCase()) !== organisationOf(domainOf(address)))
      return { kind: 'name-is-address', name: shown[0] };
  }
  if (ownDomain === '') return null;
  const own = [ownDomain, displayDomain(ownDomain)];
  const words =
    withPlainDots(name)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+(?:[.-]+[\p{L}\p{N}]+)*/gu) ?? [];
  const pretended = words.find((word) => own.some((domain) => word === domain || word.endsWith(`.${domain}`)));
  return pretended === undefined ? null : { kind: 'name-is-address', name: pretended };
}

const mixedLetters = ({ name }: Person): Caution | null => {
  const isMixed = (word: string): boolean => /\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word);
  return name
    .slice(0, 1000)
    .split(/[^\p{L}\p{M}]+/u)
    .some(isMixed)
    ? { kind: 'mixed-letters', name }
    : null;
};

/** As it is read: signs in their usual form, and the full stops that browsers take for one. */
const withPlainDots = (text: string): string => normalForm(text.slice(0, 1000), 'NFKC').replace(/[\u3002\uff61]/g, '.');

const fold = (name: string): string =>
  skeleton(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .sort()
    .join(' ');

/** "Muster, Erika" is "Erika Muster"; one word alone ("Info", "Erika") is nobody in particular. */
function sameName(sender: Person, known: readonly Person[]): Caution | null {
  const name = fold(sender.name);
  if (!name.includes(' ')) return null;
  const here = organisationOf(domainOf(sender.address));
  const namesakes = known.filter((person) => person.name !== '' && fold(person.name) === name);
  if (namesakes.length === 0 || namesakes.some((person) => organisationOf(domainOf(person.address)) === here)) return null;
  return { kind: 'same-name', name: sender.name, known: namesakes[0]?.address ?? '' };
}

const shortest = 6;

function alike(domain: string, known: readonly Person[]): Caution | null {
  const here = organisationOf(domain);
  const domains = new Set(known.map((person) => organisationOf(domainOf(person.address))));
  if (domains.has(here)) return null;
  const bare = seen(here);
  for (const other of domains) {
    const confusable = seen(other) === bare;
    if (confusable || (labelOf(other).length >= shortest && labelOf(bare).length >= shortest && oneStep(seen(other), bare)))
      return { kind: 'alike', domain: displayDomain(here), known: displayDomain(other) };
  }
  return null;
}

/** As other programs would show it: here, what mixes scripts is shown as it is encoded. */
const seen = (domain: string): string => skeleton(domainToUnicode(domain) || domain);

const labelOf = (domain: string): string => domain.split('.')[0] ?? '';

/** What a hurried eye sees of a word: letters of other scripts, digits and pairs that look like another letter are that letter. */
function skeleton(text: string): string {
  const plain = [
    ...normalForm(text, 'NFKD')
      .replace(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
      .toLowerCase(),
  ]
    .map((letter) => looksLike[letter] ?? letter)
    .join('');
  return plain.replaceAll('rn', 'm').replaceAll('vv', 'w').replaceAll('cl', 'd');
}

const looksLike: Record<string, string> = Object.fromEntries([
  ['а', 'a'],
  ['ɑ', 'a'],
  ['α', 'a'],
  ['в', 'b'],
  ['с', 'c'],
  ['ԁ', 'd'],
  ['е', 'e'],
  ['ε', 'e'],
  ['һ', 'h'],
  ['і', 'i'],
  ['ı', 'i'],
  ['ι', 'i'],
  ['ј', 'j'],
  ['к', 'k'],
  ['κ', 'k'],
  ['м', 'm'],
  ['н', 'h'],
  ['о', 'o'],
  ['ο', 'o'],
  ['ө', 'o'],
  ['р', 'p'],
  ['ρ', 'p'],
  ['ѕ', 's'],
  ['т', 't'],
  ['τ', 't'],
  ['υ', 'u'],
  ['ν', 'v'],
  ['ԝ', 'w'],
  ['х', 'x'],
  ['у', 'y'],
  ['ß', 'ss'],
  ['0', 'o'],
  ['1', 'l'],
  ['|', 'l'],
  ['3', 'e'],
  ['5', 's'],
] as const);

/** One letter more, less, other, or two neighbours exchanged. */
function oneStep(one: string, other: string): boolean {
  if (one === other || Math.abs(one.length - other.length) > 1 || one.length > 253) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < Math.min(one.length, other.length) - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const [left, right] = [one.slice(start, one.length - end), other.slice(start, other.length - end)];
  return (
    (left.length <= 1 && right.length <= 1) || (left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0])
  );
}
