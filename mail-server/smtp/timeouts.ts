/** How long a client may say nothing, in a command and within a message (RFC 5321 section 4.5.3.2.7). */
export const idleTimeoutMs = 300_000;
