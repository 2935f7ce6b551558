/** How long a client may say nothing, in a command and within a message (RFC 5321 section 4.5.3.2.7). */
export const idleTimeoutMs = 300_000;
/** From its first octet to its last a message may take so long. */
export const wholeMessageTimeoutMs = 3_600_000;
