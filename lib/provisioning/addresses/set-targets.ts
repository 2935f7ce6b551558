import { parseEmailAddress, type EmailAddress } from '../../addresses/email-address.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Transaction } from '../../db/prisma.ts';
import { lookupWithPrisma } from '../../targets/lookup-with-prisma.ts';
import { resolveAddress } from '../../targets/resolve-address.ts';
import { done, refused, type Result } from '../result.ts';

/**
 * - NoTargets: at least one is needed
 * - InvalidTarget: one of them is no address
 * - TooManyTargets: more than the kind allows
 * - GoesInCircles: letters would come back to where they came from
 * - NotConfirmedYet: only letters of a confirmed domain go to addresses elsewhere
 */
export type SetTargetsCode = 'NoTargets' | 'InvalidTarget' | 'TooManyTargets' | 'GoesInCircles' | 'NotConfirmedYet';

/** Addresses as people type or paste them, from a table or a letter: with commas, semicolons, spaces or one a line, with names or without. */
export const splitAddresses = (input: string): string[] =>
  input
    .replace(/"[^"\n]*"(?!@)/g, ' ')
    .split(/[\r\n,;]+/)
    .flatMap((part) => {
      const open = part.indexOf('<');
      const close = part.indexOf('>', open);
      return open >= 0 && close > open ? [part.slice(open + 1, close).trim()] : part.split(/\s+/u);
    })
    .filter((part) => part !== '');

/**
 * Makes `targets` what the address leads to: mailboxes of the customer by their id (they may be renamed), everything else as an address.
 * Targets that stay keep their row, with what is known about their failures.
 */
export async function setTargets(
  transaction: Transaction,
  scope: CustomerScope,
  entry: { id: bigint; address: string },
  targets: readonly string[],
  most: number,
): Promise<Result<EmailAddress[], SetTargetsCode>> {
  const parsed = new Set<EmailAddress>();
  for (const target of targets) {
    const address = parseEmailAddress(target);
    if (!address) return refused('InvalidTarget');
    parsed.add(address);
  }
  if (parsed.size === 0) return refused('NoTargets');
  if (parsed.size > most) return refused('TooManyTargets');
  const mailboxes = await transaction.mailbox.findMany({
    where: { customerId: scope.customerId, address: { in: [...parsed] }, status: { not: 'deleted' } },
    select: { id: true, address: true },
  });
  const inside = new Map(mailboxes.map(({ id, address }) => [address, id]));
  const outside = [...parsed].filter((address) => !inside.has(address));
  await transaction.addressTarget.deleteMany({
    where: {
      addressId: entry.id,
      OR: [{ mailboxId: { not: null, notIn: [...inside.values()] } }, { outside: { not: null, notIn: outside } }],
    },
  });
  await transaction.addressTarget.createMany({
    data: [
      ...[...inside.values()].map((mailboxId) => ({ addressId: entry.id, mailboxId, setBy: scope.actor })),
      ...outside.map((address) => ({ addressId: entry.id, outside: address, setBy: scope.actor })),
    ],
    skipDuplicates: true,
  });
  const start = entry.address.startsWith('@') ? `nobody-has-this-name${entry.address}` : entry.address;
  const { deliveries, problem } = await resolveAddress(lookupWithPrisma(transaction), start as EmailAddress);
  if (problem !== null) return refused(problem === 'too-many' ? 'TooManyTargets' : 'GoesInCircles');
  if (deliveries.some(({ kind }) => kind === 'forward')) {
    const domain = await transaction.address.findUnique({ where: { id: entry.id }, select: { domain: { select: { verifiedAt: true } } } });
    if (!domain?.domain.verifiedAt) return refused('NotConfirmedYet');
  }
  return done([...parsed]);
}
