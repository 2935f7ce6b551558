import { getDomain, getPublicSuffix } from 'tldts';
import { isAnybodys } from '../../../lib/addresses/anybodys.ts';
import { foldText } from '../fold-text.ts';
import { hasCheapSuffix, isPoster, isWellKnown } from '../judge-links.ts';
import { oncePerWord, type Word } from '../words/word.ts';

/** What of a letter is weighed as a whole. */
export interface Seen {
  subject: string;
  /** what people read, without what an answer quotes */
  text: string;
  /** the words of both, as fold-text.ts reads them */
  heading: readonly Word[];
  words: readonly Word[];
  fromName: string;
  fromDomain: string;
  linkDomains: readonly string[];
  isList: boolean;
  answers: boolean;
  pictures: number;
  files: number;
}

const mostOfSubject = 40;
/** in a long letter something of everything is found */
const mostOfText = 400;
/** characters, with the addresses among them */
const longestOfWords = 25;
const stem = 6;
/** words that stand in every letter say nothing of what it wants */
const common = new Set(
  (
    'a an and are as at be been but by can do does for from get had has have he her his i if in into is it its just me my no not of on one or our out she so some than that the ' +
    'their them then there these they this those to too two three up us was we were what when which who will with would you your all any also am before after well put tell still ' +
    'ab aber alle allem allen als also auch auf aus bei beim bin bis da damit dann das dass dein dem den denn der des die dies diese diesem diesen dieser doch du durch ein eine ' +
    'einem einen einer eines er es euch fuer gegen hab habe haben hat hatte hier hin ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im ins ist ja kann kein keine man mein meine mich ' +
    'mir mit nach nicht noch nun nur ob oder ohne sehr sein seine sich sie sind ueber um und uns unser unsere unter vom von vor war weil wenn wer werden wie wir wird wo zu zum zur'
  ).split(' '),
);
/** begins where a word does: a text is looked through once, and not from each of its letters on */
const address = /\bhttps?:\/\/\S{1,500}|(?<!\S)\S{1,100}@\S{1,100}/gi;

/** What a weight is known for. What nobody asks about need not be put together: of the signs of a letter few are known. */
export interface Weighing {
  sign(sign: string): boolean;
  /** two words side by side, by their stems */
  pair(stem: string, next: string): boolean;
}

const everything: Weighing = { sign: () => true, pair: () => true };

/**
 * Signs that the weights (weights.tsv) are learnt for: words, words side by side, names of hosts in pieces, and where it leads. Linear time.
 */
export function signReader({ sign: isKnown, pair }: Weighing = everything): (seen: Seen) => Set<string> {
  const weighed = oncePerWord((read): Weighed => {
    const word = kindOf(read);
    const says = !common.has(word);
    const cut = word.slice(0, stem);
    const signs = !says ? [] : [word, ...(word.length > stem ? [`${cut}*`] : [])].filter(isKnown);
    return { says, stem: cut, signs };
  });
  const noteWords = (signs: Set<string>, words: readonly Word[]): void => {
    let before: Weighed | null = null;
    for (const each of words) {
      const word = weighed(each);
      for (const sign of word.signs) signs.add(sign);
      if (before !== null && (word.says || before.says) && pair(before.stem, word.stem)) signs.add(`${before.stem} ${word.stem}`);
      before = word;
    }
  };
  return ({ subject, text, heading, words, fromName, fromDomain, linkDomains, isList, answers, pictures, files }) => {
    const signs = new Set<string>();
    noteWords(signs, wordsOf(subject, heading, mostOfSubject));
    noteWords(signs, wordsOf(text, words, mostOfText));
    for (const word of fromName.split(' ').slice(0, 20)) signs.add(`name:${kindOf(word)}`);
    noteDomain(signs, fromDomain);
    const own = getDomain(fromDomain) ?? fromDomain;
    if (linkDomains.length > 0) signs.add(`links:${Math.min(3, linkDomains.length)}`);
    signs.add(`leads:${placeOf(linkDomains, own)}`);
    if (isList) signs.add('is:list');
    if (answers) signs.add('is:answer');
    if (pictures > 0) signs.add('has:picture');
    if (files > 0) signs.add('has:file');
    if (subject.includes('!')) signs.add('has:subject!');
    if (text.includes('!')) signs.add('has:text!');
    return signs;
  };
}

/** A word as it is weighed. */
interface Weighed {
  /** it does not stand in every letter */
  says: boolean;
  stem: string;
  /** itself, and its beginning */
  signs: readonly string[];
}

/** `read`: the first words of the text, which are read anew only where addresses are left out, or not all of it is looked at. */
function wordsOf(text: string, read: readonly Word[], most: number): readonly Word[] {
  const shown = withoutAddresses(text.slice(0, most * longestOfWords));
  return shown === text ? read.slice(0, most) : foldText(shown, most).words;
}

const withoutAddresses = (text: string): string => (/@|:\/\//.test(text) ? text.replace(address, ' ') : text);

/** Sums, shares and numbers are one word each. */
const kindOf = (word: string): string =>
  /^\p{L}+$/u.test(word) ? word : /[€$£]/.test(word) ? '€' : word.includes('%') ? '%' : /\d/.test(word) ? '#' : word;

/** Whoever pretends to be a house registers what sounds like one ("paket-zustellung24"): pieces of names tell. */
function noteDomain(signs: Set<string>, domain: string): void {
  const suffix = getPublicSuffix(domain) ?? '';
  signs.add(`suffix:${suffix}`);
  if (hasCheapSuffix(domain)) signs.add('suffix is cheap');
  if (isAnybodys(domain)) {
    signs.add('from:anybody');
    return;
  }
  const label = (getDomain(domain) ?? domain).slice(0, 63 + suffix.length + 1).replace(`.${suffix}`, '');
  const framed = `^${label}$`;
  for (let at = 0; at + 4 <= framed.length; at++) signs.add(`host:${framed.slice(at, at + 4)}`);
  for (const piece of label.split('-')) signs.add(`host:${piece}`);
}

function placeOf(domains: readonly string[], own: string): string {
  if (domains.length === 0) return 'nowhere';
  if (domains.includes(own)) return 'home';
  return domains.some((domain) => isWellKnown(domain) || isPoster(domain)) ? 'known' : 'elsewhere';
}
