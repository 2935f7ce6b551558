import { isAnybodys } from '../../lib/addresses/anybodys.ts';
import { type FoldedText, foldText } from './fold-text.ts';
import type { Reason } from './reason.ts';
import { normalForm } from '../../lib/mime/normal-form.ts';

interface Named {
  /** of the author, as it stands in From */
  name: string;
  fromDomain: string;
  subject: string;
  /** what people read */
  text: string;
  words: number;
  /** the first of To */
  recipient: string;
  hasFile: boolean;
}

/** How whoever wrote calls himself and the other: people have names, programs that write to many have numbers and addresses. Linear time. */
export function judgeNames({ name, fromDomain, subject, text, words, recipient, hasFile }: Named): Reason[] {
  const reasons: Reason[] = [];
  const { disguised, formulas } = foldText(name, 30);
  if (disguised + formulas > 0 || hasStackedMarks(name)) reasons.push({ code: 'disguised-letters', points: 2.5 });
  else if ((name.match(torn)?.length ?? 0) > 2) reasons.push({ code: 'invisible-characters', points: 2 });
  // a house that writes from an address of anybody's, with what a program threw so that no two letters are the same
  if (isAnybodys(fromDomain)) {
    const points = (/\s/.test(name) && numbered.test(name) ? 2.2 : 0) + (`${subject} ${name}`.split(separator).some(isOfChance) ? 2.5 : 0);
    if (points > 0) reasons.push({ code: 'chance-letters', points: points + (hasFile && words < fewWords ? 1 : 0) });
  }
  if (recipient !== '') {
    const inSubject = subject.toLowerCase().includes(recipient);
    const greeted =
      text
        .slice(0, 1_000)
        .toLowerCase()
        .match(greeting)
        ?.some((found) => found.endsWith(recipient)) ?? false;
    if (greeted || inSubject) reasons.push({ code: 'greets-address', points: greeted ? 1 : 0.6, data: recipient.slice(0, 100) });
  }
  return reasons;
}

const fewWords = 15;
/** Latin letters that something unseen parts: families of emoji, Persian and names with marks of direction have it elsewhere. */
const torn = /(?<=[a-z])(?:\p{Cf}|\u034f)+(?=[a-z])/giu;
const numbered = /\d{6}/;
const separator = /[\s\-_:#|()[\]]+/;
const greeting =
  /\b(?:dear|hello|hi|hallo|liebe[rs]?|geehrte[rs]?|guten (?:tag|morgen)|bonjour|cher|hola|estimado|ol[aá]|caro|gentile|beste)[\s,:]{1,3}[\w.+-]{1,64}@[\w.-]{1,100}\w/g;

/**
 * Capitals, small letters and digits as they fall. In words that are written together, and in names of things, each piece is longer; numbers of
 * articles and parcels have one kind of letters.
 */
function isOfChance(word: string): boolean {
  if (word.length < 10 || word.length > 24 || !/^(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9]+$/.test(word)) return false;
  const pieces = word.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g)?.length ?? 0;
  return pieces >= 5 && word.length < pieces * 2.5;
}

/**
 * Signs above and below Latin letters, more than a language has: what belongs together is one letter once it is composed, and of those that are
 * not (Tlingit "x̱", Guaraní "g̃", romanised Sanskrit "r̥") a name has one here and there.
 */
function hasStackedMarks(name: string): boolean {
  const composed = normalForm(name, 'NFC');
  const marks = composed.match(/(?<=[a-z.])\p{M}/giu)?.length ?? 0;
  return marks >= 2 && marks * 4 >= (composed.match(/\p{L}/gu)?.length ?? 0);
}

/** How the letters look that people read. */
export function judgeText(subject: FoldedText, body: FoldedText, written: string): Reason[] {
  const reasons: Reason[] = [];
  const disguised = subject.disguised + body.disguised;
  if (disguised > 0) reasons.push({ code: 'disguised-letters', points: Math.min(3.5, 1.5 + disguised * 0.5) });
  else if (subject.formulas > 0) reasons.push({ code: 'disguised-letters', points: Math.min(3, 2 + subject.formulas * 0.25) });
  // soft hyphens and joiners are used honestly, now and then; not within each word
  const invisible = subject.invisible * 5 + body.invisible;
  if (invisible > 20 + body.words.length / 10) reasons.push({ code: 'invisible-characters', points: subject.invisible > 0 ? 1.5 : 0.5 });
  const shouted = subject.long >= 2 && subject.capitals === subject.long;
  const all = body.long >= 20 && body.capitals > body.long / 2;
  if (shouted || all || /[!?]{2,}|[!$€]{3,}/.test(written))
    reasons.push({ code: 'shouting', points: all && shouted ? 1.5 : all ? 1.2 : 0.8 });
  return reasons;
}
