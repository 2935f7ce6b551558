/**
 * A Unicode normal form in linear time: putting marks of several classes on one letter into their order takes the square of their number, and 60 kB
 * of them hold a process for a second. Real text has a few: thirty in a row are kept (UAX #15, section 13). The two marks of half width are
 * letters that become marks by that.
 */
export const normalForm = (text: string, form: 'NFC' | 'NFD' | 'NFKC' | 'NFKD'): string =>
  (STACKED.test(text) ? text.replace(REST, '') : text).normalize(form);

const STACKED = /[\p{M}\uff9e\uff9f]{31}/u;
/** A thousand at once: where one expression takes in millions, the engine runs out of its stack. */
const REST = /(?<=[\p{M}\uff9e\uff9f]{30})[\p{M}\uff9e\uff9f]{1,1000}/gu;
