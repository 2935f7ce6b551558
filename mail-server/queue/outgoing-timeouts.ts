/** How long the phases of a session may take; shorter in tests. */
export interface OutgoingTimeouts {
  /** TCP, and the greeting */
  connectMs: number;
  greetingMs: number;
  tlsMs: number;
  /** all that comes before the first MAIL */
  sessionMs: number;
  /** the answer to MAIL, RCPT or DATA */
  commandMs: number;
  /** the same where another host of the domain can be asked */
  commandElsewhereMs: number;
  /** a whole transaction to the end of its data, and a second more for so many bytes as the slowest host must take */
  transactionMs: number;
}
// RFC 5321 section 4.5.3.2.1 would wait five minutes for a greeting: hosts that need so long are not there any more, tarpits are
export const usualTimeouts: OutgoingTimeouts = {
  connectMs: 30_000,
  greetingMs: 30_000,
  tlsMs: 8_000,
  sessionMs: 60_000,
  commandMs: 300_000, // RFC 5321 section 4.5.3.2.2 and following
  commandElsewhereMs: 30_000,
  transactionMs: 600_000,
};
