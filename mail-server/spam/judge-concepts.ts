import type { Reason, ReasonCode } from './reason.ts';
import type { Concept } from './words/concepts.ts';
import { matchConcepts } from './words/match-concepts.ts';
import type { Word } from './words/word.ts';

export interface Read {
  words: readonly Word[];
  /** as it is written, for sums of money */
  text: string;
  /** there are links, and none leads to the domain of its author */
  leadsElsewhere: boolean;
  /** it links, to whomever */
  links: boolean;
  /** a link leads to where anybody puts up a page, or hides where it leads */
  isDubious: boolean;
  /** sent to many, who can leave */
  isList: boolean;
  /** says that it answers a letter */
  answers: boolean;
  /** how many houses it leads to */
  houses: number;
  /** its author has an address where anybody gets one */
  freeMail: boolean;
  /** answers go to another house than the author's */
  answeredElsewhere: boolean;
}

/** "$14.7 million", "9.800.000 Euro", "US$850,000": more than people pay each other */
const largeSum =
  /(?:[$€£]|\b(?:usd|us\$|eur|gbp|chf|dollars?|euros?))\s?(?:\d{3}[.,' ]\d{3}|\d{1,3}(?:[.,' ]\d{3}){2,4})|\b(?:\d{3}[.,' ]\d{3}|\d{1,3}(?:[.,' ]\d{3}){2,4})(?:[.,]\d{2})?\s?(?:[$€£]|(?:us[- ]?)?dollars?|usd|euros?|eur|pounds?|gbp|chf)|\b\d{1,4}(?:[.,]\d{1,3})?\s?(?:millions?|millionen|mio\.?|billions?)\b|[$€£]\s?\d{1,4}(?:[.,]\d{1,3})?\s?(?:m|mn|bn)\b/i;
const anySum = /[$€£]\s?\d|\d\s?[$€£]|\b\d+(?:[.,]\d+)?\s?(?:euros?|eur|usd|dollars?|chf)\b|\b(?:eur|usd)\s?\d/i;
const percents = /\d\s?%|\bper ?cent\b|\bprozent\b/i;
const phoneNumber = /\+?\d[\d ()./-]{7,20}\d/;
/** strangers say who they are */
const introduction =
  /\bmy name is\b|\bich hei(?:ß|ss)e\b|\b(?:i am|i'm|ich bin|bin)\s(?:\p{L}{2,20},?\s)?\d{2}\b|\b\d{2}\s(?:years|jahre)\b/iu;
/** wages as no house pays them */
const coinsByTheDay = /\b\d{2,4}\s?(?:usd[tc]|trx|eth)\s?(?:daily|(?:a|per) day|(?:pro|am) tag|täglich)\b/i;
/** who sells to strangers asks for some minutes */
const someMinutes = /\b\d{1,2}[- ]?min(?:ute[ns]?)?\b[^.!?]{0,40}\?/i;
const wallet = /\b(?:bc1[a-z0-9]{8,}|[13][a-km-zA-HJ-NP-Z1-9]{4,34})\b/;
/** what is looked at: a long letter is about many things */
const mostWords = 350;
const mostText = 6_000;

const once = (find: () => boolean): (() => boolean) => {
  let found: boolean | null = null;
  return () => {
    found ??= find();
    return found;
  };
};

/** Kinds of unwanted letters, told by what is in them together. Points are of words, as those of match-phrases.ts. Pure, linear. */
export function judgeConcepts({
  words,
  text,
  leadsElsewhere,
  links,
  isDubious,
  isList,
  answers,
  houses,
  freeMail,
  answeredElsewhere,
}: Read): Reason[] {
  const found = matchConcepts(words.slice(0, mostWords));
  const shown = text.slice(0, mostText);
  const has = (concept: Concept, least = 1): boolean => (found.get(concept) ?? 0) >= least;
  const count = (...some: Concept[]): number => some.filter((concept) => has(concept)).length;
  // looked for only where the words ask for it
  const large = once(() => largeSum.test(shown));
  const sum = once(() => anySum.test(shown) || large());
  const percent = once(() => percents.test(shown));
  const reasons: Reason[] = [];
  const say = (code: ReasonCode, points: number): void => {
    if (points > 0) reasons.push({ code, points });
  };
  const short = words.length < 120;

  const told = count('estate', 'fund', 'plea', 'person');
  const story = (): number => told + (has('share') || percent() ? 1 : 0);
  // who has millions to give away does not write under a name of his own house
  const nowhere = freeMail || answeredElsewhere;
  if (nowhere && told > 0 && large()) say('words-inheritance', story() >= 3 ? 5 : story() === 2 ? 3.2 : 0);
  else if (!nowhere && has('fee') && has('person') && story() >= 3 && large()) say('words-inheritance', 2);
  else if (nowhere && !links && !isList && has('estate', 2) && has('fund') && has('plea')) say('words-inheritance', 2.5);
  if (has('prize', 2) && sum() && (has('person', 2) || leadsElsewhere)) say('words-winnings', has('person', 2) ? 4 : 2.5);
  else if (has('prize', 2) && has('deadline') && leadsElsewhere) say('words-winnings', has('prize', 3) ? 3.5 : 2.5);
  if (has('fund') && has('fee') && has('person', 2) && sum()) say('words-inheritance', 2);

  if (leadsElsewhere && isDubious && has('prize') && has('act') && has('deadline')) say('words-winnings', 2);
  if (leadsElsewhere && has('act')) {
    const atStake = has('account') ? count('threat', 'deadline') : 0;
    if (atStake > 0) say('words-account', atStake === 2 ? 3 : 2.2);
    else if (isDubious && has('document')) say('words-account', has('deadline') ? 3.2 : 2.4);
  }
  if (leadsElsewhere && has('refund') && (has('bank') || has('act')) && sum())
    say('words-account', has('deadline') || has('bank') ? 2.8 : 2.2);
  if (leadsElsewhere && has('parcel') && has('fee')) say('words-parcel', sum() || has('act') ? 2.6 : 1.4);

  if (leadsElsewhere && has('body') && has('quack')) say('words-medicine', has('quack', 2) || isDubious ? 4.4 : 2);
  if (leadsElsewhere && has('crypto') && has('double')) say('words-investment', 3);
  if (has('income') && has('system', 2)) say('words-investment', leadsElsewhere || freeMail ? (has('system', 3) || sum() ? 3.5 : 2) : 0);
  if (has('luxury', 2) && has('bargain', 2)) say('words-marketing', leadsElsewhere ? 2.5 : 0.5);
  if (has('subsidy', 2) && leadsElsewhere && has('deadline')) say('words-marketing', has('act') && (sum() || percent()) ? 3 : 1.5);

  if (!has('buyer') && has('cold', 2) && has('offer') && (has('askback') || someMinutes.test(shown)) && !(links && !leadsElsewhere))
    say('words-marketing', (has('cold', 3) || freeMail ? 5.8 : 4.6) + (has('askback', 2) ? 1 : 0));
  if (has('lend') && has('anyone', 2) && !links && (has('reckless') || nowhere))
    say('words-loan', freeMail && (sum() || has('person')) ? 4.8 : has('person', 2) ? 3.6 : 3);
  if (has('mule') && has('easy') && (percent() || sum())) say('words-job', 4.8);
  else if (short && has('easy', 2) && has('chat') && has('crypto') && coinsByTheDay.test(shown)) say('words-job', 5);
  else if (short && has('easy', 2) && has('chat') && sum()) say('words-job', 3.6);

  if (has('intrude') && has('film') && has('self') && (has('ransom') || wallet.test(shown))) say('words-extortion', has('tell') ? 5 : 4);
  if (short && has('lonely', 2) && has('picture') && (leadsElsewhere || (freeMail && introduction.test(shown))))
    say('words-adult', has('lonely', 3) ? 3.5 : 2.5);
  if (short && freeMail && has('boss') && has('errand', 3)) say('words-pressure', 5.5);
  if (short && freeMail && has('payroll') && has('change') && has('bank')) say('words-pressure', 5.5);
  if (short && freeMail && has('bill', 2) && sum() && has('phone') && phoneNumber.test(shown)) say('words-account', 5);
  if (short && freeMail && answeredElsewhere && has('lonely', 2)) say('words-deceit', 4);
  if (freeMail && has('rerouted') && has('bank')) say('words-deceit', 5.5);
  if (has('stock', 3) && (sum() || percent()) && !isList && (!links || leadsElsewhere)) say('words-investment', has('stock', 4) ? 4.5 : 3);
  if (has('register', 2) && (has('deadline') || has('register', 4)) && sum() && !isList && (!links || leadsElsewhere))
    say('words-marketing', has('register', 3) ? 3.4 : 2);
  if (nowhere && !links && has('mistaken', 2) && has('chat')) say('words-deceit', 5);
  if (freeMail && has('rental', 2) && has('remote', 2) && !links) say('words-deceit', has('remote', 3) ? 5.5 : 4.5);
  if (freeMail && has('authority', 3)) say('words-deceit', has('threat') || has('deadline') ? 5.5 : 3.5);
  if (has('intrude') && has('ransom') && has('deadline') && (wallet.test(shown) || has('crypto')))
    say('words-extortion', wallet.test(shown) ? 5 : 4);
  if (leadsElsewhere && isDubious && !isList && !freeMail && (has('act') || has('deadline'))) say('words-pressure', 0.4);
  // who advertises honestly leads to his own house, and lets people leave
  const more = leadsElsewhere && !isList ? 0.8 : 0;
  const share = aim(words.length, nowhere && !links) * (answers || isList ? 0.6 : 1) * (houses > fewHouses ? 0.6 : 1);
  return reasons.map((reason) => ({ ...reason, points: (reason.points + more) * share }));
}

const fewHouses = 3;
const shortLetter = 150;
const longStory = 300;

/** In a long text something of everything is found; who tells stories of money needs more words than who wants a click. */
const aim = (words: number, tells: boolean): number => Math.max(0.3, Math.min(1, (tells ? longStory : shortLetter) / words));
