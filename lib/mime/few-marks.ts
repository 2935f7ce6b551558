/**
 * At most thirty combining marks and shades of skin in a row, more than any language needs (Unicode UAX #15, section 13): browsers take
 * quadratic time to draw what stands on one sign, and 40 kB of it hold a tab for a minute. Signs that are drawn as nothing count with them: a
 * face looks past those for the sign that a mark belongs to. Linear time.
 */
export const fewMarks = (text: string): string => (STACKED.test(text) ? text.replace(REST, '$1') : text);

const STACKED = /(?<![\p{M}\p{EMod}\p{DI}])[\p{M}\p{EMod}\p{DI}]{31}/u;
const REST = /(?<![\p{M}\p{EMod}\p{DI}])([\p{M}\p{EMod}\p{DI}]{30})[\p{M}\p{EMod}\p{DI}]+/gu;
const LAST = /(?<![\p{M}\p{EMod}\p{DI}])[\p{M}\p{EMod}\p{DI}]+$/u;

/** The same for a text that comes in pieces: elements between them do not keep a browser from drawing them as one sign. */
export function fewMarksInPieces(): (piece: string) => string {
  let before = '';
  return (piece) => {
    const joined = fewMarks(before + piece);
    const kept = joined.slice(before.length);
    before = LAST.exec(joined.slice(-60))?.[0] ?? '';
    return kept;
  };
}
