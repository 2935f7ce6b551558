import { isLoopback } from '../../lib/addresses/private-address.ts';

/** Passwords go over TLS; without it only from loopback, and only where POSTAMT_CLEARTEXT_LOGIN=loopback says so. */
export const mayLogIn = (
  connection: { secure: boolean; remoteAddress: string },
  settings: { cleartextLoginOnLoopback: boolean },
): boolean => connection.secure || (settings.cleartextLoginOnLoopback && isLoopback(connection.remoteAddress));
