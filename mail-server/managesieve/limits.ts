/** Limits of the ManageSieve server that no operator has to tune; those an operator may tune stand in lib/config. */
export const limits = {
  /** a line without the literals in it: a command with quoted strings, a line of a SASL exchange (tokens are long) */
  lineBytes: 16_384,
  /** all literals of one command, before somebody has signed in */
  signedOutLiteralBytes: 8_192,
  /** a script beyond the limit is read to its end and refused, so that the client hears why; beyond this the connection ends */
  discardedLiteralBytes: 16 * 1024 * 1024,
  /** received but not yet looked at: from here on the socket is paused */
  inputBytes: 65_536,
  /** answers are gathered up to here before they are written */
  outputBytes: 65_536,
  /** arguments of one command */
  arguments: 8,
  /** literals of one command; behind so many the connection ends, for its end cannot be told */
  literals: 16,
  /** RFC 5804 section 1.6 asks for 128 characters at least */
  nameBytes: 512,
  /** somebody who does not sign in */
  timeoutMs: 120_000,
  /** RFC 5804 section 1.2: not below 30 minutes */
  signedInTimeoutMs: 1_800_000,
  /** commands that were not understood, in a row */
  badCommands: 10,
  /** between our last answer and the end of the connection */
  lingerMs: 2_000,
} as const;
