import { isIPv4, isIPv6 } from 'node:net';

/**
 * What a client calls itself with HELO or EHLO. Computers are called all sorts of things, and what they are called decides nothing here,
 * so any name is taken; how it is written into our Received is another matter (received-name.ts). Only what looks like an address in
 * brackets must be one, also without the tag of IPv6 and with a zone, as programs write their own.
 */
export function isGreetingName(argument: string): boolean {
  if (argument === '' || argument.length > 255) return false;
  if (!argument.startsWith('[')) return !/[<>]/.test(argument);
  const address = /^\[(?:IPv6:)?([^\]]*)\]$/i.exec(argument)?.[1] ?? '';
  return isIPv4(address) || isIPv6(address);
}
