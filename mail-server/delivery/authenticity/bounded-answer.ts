/** A name server may answer with 64 KiB; keys, policies and lists of hosts take a few hundred bytes, and libraries look back in them. */
const longestRecord = 4_096;
const mostTexts = 100;
/** of any other type: hosts, addresses */
const mostRecords = 500;

/** TXT records that are as long as records are; the others count as not there. */
export const boundedTexts = (records: readonly string[][]): string[][] =>
  records.slice(0, mostTexts).filter((pieces) => pieces.reduce((sum, piece) => sum + piece.length, 0) <= longestRecord);

/** An answer as it is remembered: a stranger's name servers must not fill the memory with what nobody reads. */
export function boundedAnswer(type: string, answer: unknown): unknown {
  if (!Array.isArray(answer)) return answer;
  return type === 'TXT' ? boundedTexts(answer) : answer.slice(0, mostRecords);
}
