/** What building the view of one letter may cost (docs/operations.md, "Limits"). */
export const viewLimits = {
  /** a letter whose view is not built by then is shown as plain text, ms */
  deadlineMs: 2_500,
  /** heap of a worker that builds views, MB */
  memoryMb: 192,
  /** letters that wait for a worker; beyond it they are shown as plain text */
  waiting: 64,
  /** characters of HTML or text that are shown at once; the rest on demand */
  characters: 1_500_000,
  /** the same, after the reader asked for the whole */
  wholeCharacters: 12_000_000,
  /** an S/MIME signature is checked up to this size of what was signed, bytes */
  signedBytes: 12 * 1024 * 1024,
  /** a letter inside a letter, or winmail.dat, is opened up to this size, bytes */
  containerBytes: 40 * 1024 * 1024,
  /** views that were built are kept for so long, ms, and up to so many characters of all mailboxes */
  keptMs: 10 * 60_000,
  keptCharacters: 24_000_000,
} as const;
