import { boundedTexts } from './bounded-answer.ts';
import type { DnsResolver } from './dns-resolver.ts';

/** The resolver in the form in which the library of the checks asks. */
export function policyResolver(resolver: DnsResolver): (name: string, type: string) => Promise<string[][] | string[]> {
  return async (name, type) => {
    const answer = await resolver.resolve(name, type);
    return (type === 'TXT' ? boundedTexts(answer as string[][]) : answer) as string[][] | string[];
  };
}
