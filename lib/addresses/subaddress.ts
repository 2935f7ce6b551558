import type { EmailAddress } from './email-address.ts';

/** "max@muster.at" for "max+laden@muster.at" (RFC 5233): who gives out an address with a detail reads what comes there. */
export function withoutDetail<Address extends string>(address: Address): Address {
  const at = address.lastIndexOf('@');
  const plus = address.indexOf('+');
  return plus > 0 && plus < at ? ((address.slice(0, plus) + address.slice(at)) as Address) : address;
}

/** Whether an address, or the one it is a subaddress of, is among these. */
export const isAmong = (own: ReadonlySet<string>, address: EmailAddress): boolean => own.has(address) || own.has(withoutDetail(address));
