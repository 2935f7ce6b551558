/** Names of keywords by the number of their set. Numbers are never used again, so what it says stays true. */
export type KeywordSets = ReadonlyMap<number, readonly string[]>;

/** The number of the set of keywords in a message's flags (what stands above the system flags); 0: none. */
export const setOf = (flags: bigint): number => Number(flags >> 5n);

/** What STORE does to the keywords of messages. `replace`: all others go. */
export interface KeywordChange {
  add: readonly string[];
  remove: readonly string[];
  replace: boolean;
}
