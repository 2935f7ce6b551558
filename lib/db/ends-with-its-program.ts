/**
 * A host that lost its power or its network says no goodbye. Postgres would look after it two hours later, and what it had locked (a mailbox, the
 * maildrop of a POP3 session, a customer) would be locked for so long.
 */
export const endsWithItsHost =
  '-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3 -c tcp_user_timeout=60000';

/** A program that stands still (stopped, its machine frozen) still answers the network, and keeps what its transaction has locked from all others. */
export const stillnessMs = 30_000;

/** As `options` of a connection. */
export const endsWithItsProgram = (ms = stillnessMs): string => `${endsWithItsHost} -c idle_in_transaction_session_timeout=${ms}`;
