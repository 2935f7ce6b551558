import type { AddressView } from '#components/admin/addresses/address-row.tsx';
import { displayDomain } from '#lib/addresses/domain-name.ts';
import { displayAddress, domainOf, type EmailAddress } from '#lib/addresses/email-address.ts';
import type { ListedAddress } from '#lib/provisioning/addresses/list-addresses.ts';

const shownTargets = 3;

/** What the list shows of an address. */
export function addressView({ id, address, kind, note, expiresAt, targets, group }: ListedAddress): AddressView {
  return {
    id,
    address,
    display: displayAddress(address),
    domain: displayDomain(domainOf(address as EmailAddress)),
    kind,
    label: group?.name ?? note,
    expiresAt: expiresAt?.getTime() ?? null,
    count: targets.length,
    shown: targets.slice(0, shownTargets).map((target) => displayAddress(target.address)),
    paused: targets.filter(({ pausedAt }) => pausedAt !== null).length,
    leadsNowhere: targets.every(({ pausedAt, isDeleted }) => pausedAt !== null || isDeleted),
  };
}
