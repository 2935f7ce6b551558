/** Limits of the IMAP server that no operator has to tune; those an operator may tune stand in lib/config. */
export const limits = {
  /** bytes of one command outside literals; more is answered with BAD */
  lineBytes: 65_536,
  /** a line that is too long is skipped up to here, then the connection ends */
  skippedLineBytes: 1_048_576,
  /** literals of one command together, APPEND apart */
  literalBytes: 65_536,
  literalBytesBeforeLogin: 8_192,
  literalsPerCommand: 200,
  /** literals of one APPEND together, in largest messages */
  appendMessages: 2,
  messagesPerAppend: 1_000,
  /** lines that AUTHENTICATE and IDLE take */
  continuationLineBytes: 16_384,
  /** commands in a row that were not understood */
  badCommands: 20,
  badCommandsBeforeLogin: 10,
  /** brackets, NOT and OR in each other */
  searchDepth: 200,
  searchKeys: 5_000,
  fetchItems: 200,
  headerFields: 500,
  sectionDepth: 100,
  flagsPerCommand: 100,
  /** characters of a keyword */
  keywordBytes: 100,
  idFields: 30,
  idFieldBytes: 30,
  idValueBytes: 1_024,
  listPatterns: 100,
  listPatternBytes: 1_000,
  sortKeys: 20,
  /** SORT and THREAD that work at the same time, and those of one mailbox; of a folder of a hundred thousand each takes some thirty megabytes */
  sorting: { running: 8, ofOne: 2 },
  /** received but not yet read by the parser: from here on the socket is paused */
  inputBytes: 262_144,
  /** answers wait for the client from here on */
  outputBytes: 262_144,
  /** a client that takes nothing of what waits for it */
  writeTimeoutMs: 300_000,
  unauthenticatedTimeoutMs: 60_000,
  /** "* OK Still here" while idle: every 90 to 115 seconds, so that no NAT forgets the flow */
  stillHereMs: 90_000,
  stillHereJitterMs: 25_000,
  /** a long answer lets other connections in after so long */
  turnMs: 5,
  /** pipelined commands run in a row before other connections get their turn */
  commandsInARow: 16,
  /** a command that runs while its mailbox is suspended or its password changed may take so long to end */
  signedOutMs: 2_000,
  /** a client that ended its side while a command runs is written to so often, in such pauses, to learn whether it is still there */
  goneProbes: 5,
  goneProbeMs: 300,
  sweepMs: 5_000,
  logoutMs: 1_000,
} as const;
