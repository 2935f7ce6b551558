import { parseEmailAddress } from '../../addresses/email-address.ts';
import { withoutDetail } from '../../addresses/without-detail.ts';

/**
 * The addresses of one mailbox: its own, its aliases, and every subaddress of them (RFC 5233: "max+laden" is max). All lower case, domains
 * as A-labels, so that capitals and either spelling of an umlaut make no stranger of oneself.
 */
export type OwnAddresses = ReadonlySet<string>;

const plain = (address: string): string => parseEmailAddress(address) ?? address.trim().toLowerCase();

/** Whether mail to this address is mail to oneself. */
export function isOwnAddress(own: OwnAddresses, address: string): boolean {
  const known = plain(address);
  return own.has(known) || own.has(withoutDetail(known));
}
