import { looksLikeAddress } from '#lib/webmail/writing/address-list.ts';

export const safeLink = (address: string): boolean => /^(https?:\/\/|mailto:|tel:)/i.test(address);

/** Where a link leads that somebody wrote as people do: "muster.at", "max@muster.at". */
export function linkTarget(written: string): string {
  const address = written.trim();
  if (safeLink(address)) return address;
  return looksLikeAddress(address) ? `mailto:${address}` : `https://${address}`;
}
