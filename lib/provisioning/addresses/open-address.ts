import type { EmailAddress } from '../../addresses/email-address.ts';
import { addressUnder } from '../address-under.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { AddressKind } from '../../db/generated/enums.ts';
import type { Transaction } from '../../db/prisma.ts';
import { holdLimits } from '../customers/customer-limits.ts';
import { usableDomain } from '../domains/held-domain.ts';
import { done, refused, type Result } from '../result.ts';

/**
 * - UnknownDomain: none, or another customer's
 * - InvalidLocalPart: empty, or characters that cause trouble on the way
 * - AddressTaken: a mailbox, an alias or something of another kind has it
 * - DomainIsAlias: all addresses of this domain lead to another one
 * - TooManyAliases: the customer has as many addresses beside its mailboxes' own as it may
 */
export type OpenAddressCode = 'UnknownDomain' | 'InvalidLocalPart' | 'AddressTaken' | 'DomainIsAlias' | 'TooManyAliases';

/** The entry of this kind under this address, made where there is none. `localPart` is ignored for a catch-all. `mustBeNew`: what is there stays. */
export async function openAddress(
  transaction: Transaction,
  scope: CustomerScope,
  kind: Exclude<AddressKind, 'mailbox'>,
  input: { localPart: string; domain: string; expiresAt?: Date | null; note?: string; mustBeNew?: boolean },
): Promise<Result<{ id: bigint; address: EmailAddress; isNew: boolean }, OpenAddressCode>> {
  const domain = await usableDomain(transaction, scope, input.domain);
  if (!domain) return refused('UnknownDomain');
  if (domain.aliasOf !== null) return refused('DomainIsAlias');
  const address = kind === 'catch_all' ? (`@${domain.name}` as EmailAddress) : addressUnder(domain.name, input.localPart);
  if (!address) return refused('InvalidLocalPart');
  // counts alone from here on, so that the address, too, is made only once
  const { aliases } = await holdLimits(transaction, scope.customerId);
  const existing = await transaction.address.findUnique({ where: { address } });
  if (existing && (existing.kind !== kind || input.mustBeNew)) return refused('AddressTaken');
  if (!existing) {
    const all = { isPrimary: false, domain: { customerId: scope.customerId } };
    if ((await transaction.address.count({ where: all })) >= aliases) return refused('TooManyAliases');
  }
  const data = { expiresAt: input.expiresAt ?? null, note: (input.note ?? '').trim().slice(0, 200) };
  const entry = existing
    ? await transaction.address.update({ where: { id: existing.id }, data })
    : await transaction.address.create({ data: { domainId: domain.id, address, kind, ...data } });
  return done({ id: entry.id, address, isNew: !existing });
}
