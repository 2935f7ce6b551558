/** Limits of the POP3 server that no operator has to tune; those an operator may tune stand in lib/config. */
export const limits = {
  /** a command with its arguments, or a line of a SASL exchange; RFC 2449 asks for 255, tokens need more */
  lineBytes: 8_192,
  /** received but not yet looked at: from here on the socket is paused */
  inputBytes: 65_536,
  /** answers are gathered up to here before they are written */
  outputBytes: 65_536,
  /** RFC 1939 section 3: not below ten minutes; also for a client that takes nothing of an answer */
  timeoutMs: 600_000,
  /** all that comes before a login, together */
  unauthenticatedTimeoutMs: 600_000,
  /** commands that were not understood, in a row */
  badCommands: 10,
  /** how often and in which pauses a maildrop that is in use is asked for, before -ERR [IN-USE] */
  lockAttempts: 8,
  lockPauseMs: 150,
  /** messages above are read and sent piece by piece */
  largeMessageBytes: 1_048_576,
  pieceBytes: 262_144,
  /** messages that one reading ahead asks for at most; the store bounds the bytes */
  messagesAhead: 256,
  /** what was read ahead is dropped when the client pauses for so long */
  aheadTimeoutMs: 10_000,
  /** after RETR the \Seen flags are stored within */
  seenAfterMs: 2_000,
  /** between our last answer and the end of the connection */
  lingerMs: 2_000,
} as const;
