import { isIPv4, isIPv6 } from 'node:net';

/** "[192.0.2.1]" or "[IPv6:2001:db8::1]" (RFC 5321 section 4.1.3), with numbers that are addresses. No other tag was ever registered. */
export function isAddressLiteral(text: string): boolean {
  const inner = /^\[(.*)\]$/.exec(text)?.[1] ?? '';
  return /^IPv6:/i.test(inner) ? isIPv6(inner.slice(5)) && !inner.includes('%') : isIPv4(inner);
}
