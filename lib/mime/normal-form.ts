/**
 * A Unicode normal form in linear time: putting marks of several classes on one letter into their order takes the square of their number, and 60 kB
 * of them hold a process for a second. Real text has a few: thirty in a row are kept (UAX #15, section 13).
 */
export const normalForm = (text: string, form: 'NFC' | 'NFD' | 'NFKC' | 'NFKD'): string =>
  (STACKED.test(text) ? text.replace(REST, '$1') : text).normalize(form);

const STACKED = /\p{M}{31}/u;
const REST = /(\p{M}{30})\p{M}+/gu;
