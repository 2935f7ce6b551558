import type { Letter } from '../letter.ts';
import { alltag, erikasLetters } from './alltag.ts';
import { baustelle } from './baustelle.ts';
import { buero } from './buero.ts';
import { english } from './english.ts';
import { fensterlaeden } from './fensterlaeden.ts';
import { mailingList } from './mailing-list.ts';
import { newsletters } from './newsletters.ts';
import { rechnungen } from './rechnungen.ts';

const inEnglish = (part: Letter[]): Letter[] => part.map((letter) => ({ ...letter, language: 'en' }));

/** All letters of the demo, in no particular order. */
export const letters: Letter[] = [
  ...fensterlaeden,
  ...baustelle,
  ...buero,
  ...inEnglish(english),
  ...inEnglish(mailingList),
  ...newsletters,
  ...rechnungen,
  ...alltag,
  ...erikasLetters,
];
