import type { DnsResolver } from './dns-resolver.ts';

/** A name server may answer with 64 KiB; keys, policies and lists of hosts take a few hundred bytes, and libraries look back in them. */
const longestRecord = 4_096;
const mostRecords = 100;

/** TXT records that are as long as records are; the others count as not there. */
export const boundedTexts = (records: string[][]): string[][] =>
  records.slice(0, mostRecords).filter((pieces) => pieces.reduce((sum, piece) => sum + piece.length, 0) <= longestRecord);

/** The resolver in the form in which the library of the checks asks. */
export function policyResolver(resolver: DnsResolver): (name: string, type: string) => Promise<string[][] | string[]> {
  return async (name, type) => {
    const answer = await resolver.resolve(name, type);
    return (type === 'TXT' ? boundedTexts(answer as string[][]) : answer) as string[][] | string[];
  };
}
