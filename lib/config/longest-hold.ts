/** As far ahead as a letter may wait, for the page and the server; the queue's own limit is not shorter. */
export const longestHoldMs = 365 * 86_400_000;
