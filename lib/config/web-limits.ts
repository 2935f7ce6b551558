/** What strangers and people may have of one web process at a time (docs/operations.md, "Limits that are none of these"). */
export const webLimits = {
  /** requests that are worked on for the signed in, of all and of one; so many of one wait their turn, and of all */
  people: { running: 64, ofOne: 12, waitingOfOne: 500, waiting: 4000 },
  /** the same for everybody else, by address (in IPv6 by network); all of a company that comes to work may wait behind one */
  strangers: { running: 24, ofOne: 6, waiting: 4000 },
  /** a turn ends with the answer, at the latest after, ms: what takes longer waits for something else */
  turnMs: 1000,
  /** messages that are kept for the lists of all mailboxes of a process, up to 160 bytes each; of a folder the newest so many stand in its list */
  indexed: { ofAll: 3_000_000, ofFolder: 1_000_000 },
  /** forms that are not answered yet and answers that are not read yet, bytes; beyond it whoever has the most of it loses the oldest */
  heldBytes: 128 * 1024 * 1024,
  /** what is sent must be there after so long, ms, and after another second for so many bytes */
  bodyMs: 20_000,
  bodyBytesPerSecond: 500,
  /** who is answered before the end of what he sends goes on for so many bytes and ms; nobody reads it */
  restBytes: 32 * 1024 * 1024,
  restMs: 30_000,
  /** connections of one process, and from one address that is no proxy's */
  connections: 20_000,
  connectionsPerAddress: 2000,
  /** a connection without a request ends after, ms: longer than proxies keep theirs (60 s), which would lose a request that crosses the end */
  idleMs: 75_000,
} as const;
