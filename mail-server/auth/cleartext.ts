/** 127.0.0.0/8 and ::1. */
const isLoopback = (remoteAddress: string): boolean => /^127\.|^::1$|^::ffff:127\./i.test(remoteAddress);

/** Passwords go over TLS; without it only from loopback, and only where POSTAMT_CLEARTEXT_LOGIN=loopback says so. */
export const mayLogIn = (
  connection: { secure: boolean; remoteAddress: string },
  settings: { cleartextLoginOnLoopback: boolean },
): boolean => connection.secure || (settings.cleartextLoginOnLoopback && isLoopback(connection.remoteAddress));
