import { parseDomainName } from '../../addresses/domain-name.ts';
import { parseEmailAddress, type EmailAddress } from '../../addresses/email-address.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { AddressKind } from '../../db/generated/enums.ts';
import type { Database } from '../../db/prisma.ts';
import { lookupWithPrisma } from '../../targets/lookup-with-prisma.ts';
import { isResponsible } from '../../targets/postmaster.ts';

export interface AddressHit {
  address: string;
  /** address of the mailbox that gets the mail */
  mailbox: string;
  mailboxId: number;
  isAlias: boolean;
  status: 'active' | 'suspended' | 'deleted';
}

/** An address without a mailbox of its own. */
export interface LeadingHit {
  id: number;
  address: string;
  kind: Exclude<AddressKind, 'mailbox'>;
  targets: number;
  expired: boolean;
}

export interface SearchHits {
  domains: string[];
  addresses: AddressHit[];
  /** forwards, groups and catch-alls */
  leading: LeadingHit[];
  /** the whole address that was asked for, on a domain of this customer, that nobody gets: mail to it is refused */
  nobody: string | null;
  /** there are others that are not among these */
  more: boolean;
}

const most = 50;

/** LIKE's "%" and "_" as the letters they are in addresses. */
const literally = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** "Wer bekommt was": domains and addresses of this customer that contain the text, and where mail to them goes. */
export async function findAddress(database: Database, scope: CustomerScope, query: string): Promise<SearchHits> {
  const text = query.replaceAll('\0', '').trim().toLowerCase().slice(0, 254);
  if (text === '') return { domains: [], addresses: [], leading: [], nobody: null, more: false };
  const whole = parseEmailAddress(text);
  // typed with "ü", stored with "xn--"
  const contains = literally(whole ?? parseDomainName(text) ?? text);
  const [foundDomains, foundAddresses] = await Promise.all([
    database.domain.findMany({
      where: { customerId: scope.customerId, name: { contains } },
      select: { name: true },
      orderBy: { name: 'asc' },
      take: most + 1,
    }),
    database.address.findMany({
      where: { address: { contains }, domain: { customerId: scope.customerId } },
      include: { mailbox: { select: { id: true, address: true, status: true } }, _count: { select: { targets: true } } },
      orderBy: { address: 'asc' },
      take: most + 1,
    }),
  ]);
  const domains = foundDomains.slice(0, most);
  const addresses = foundAddresses.slice(0, most);
  const names = await database.mailbox.findMany({
    where: {
      customerId: scope.customerId,
      name: { contains: literally(text), mode: 'insensitive' },
      id: { notIn: addresses.flatMap(({ mailboxId }) => (mailboxId === null ? [] : [mailboxId])) },
    },
    take: most + 1,
  });
  const hits = addresses.flatMap(({ address, isPrimary, mailbox }) => (mailbox ? [hit(address, mailbox, !isPrimary)] : []));
  hits.push(...names.slice(0, most).map((mailbox) => hit(mailbox.address, mailbox, false)));
  const leading = addresses.flatMap(({ id, address, kind, expiresAt, _count }) =>
    kind === 'mailbox'
      ? []
      : [{ id: Number(id), address, kind, targets: _count.targets, expired: expiresAt !== null && expiresAt.getTime() <= Date.now() }],
  );
  return {
    domains: domains.map(({ name }) => name),
    addresses: hits,
    leading,
    nobody: whole && (await isRefused(database, scope, whole)),
    more: [foundDomains, foundAddresses, names].some((found) => found.length > most),
  };
}

/** The address, if it is on a domain of the customer and leads to nobody. */
async function isRefused(database: Database, scope: CustomerScope, address: EmailAddress): Promise<EmailAddress | null> {
  const [entry] = await lookupWithPrisma(database)([address]);
  return entry?.kind === 'unknown-user' && entry.customerId === scope.customerId && !isResponsible(address) ? address : null;
}

const hit = (address: string, mailbox: { id: bigint; address: string; status: AddressHit['status'] }, isAlias: boolean): AddressHit => ({
  address,
  mailbox: mailbox.address,
  mailboxId: Number(mailbox.id),
  isAlias,
  status: mailbox.status,
});
