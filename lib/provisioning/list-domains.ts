import type { DomainName } from '../addresses/domain-name.ts';
import type { CustomerScope } from '../auth/customer-scope.ts';
import type { Database } from '../db/prisma.ts';
import type { DnsReport } from '../dns/check-records.ts';

export interface DomainSummary {
  name: DomainName;
  verifiedAt: Date | null;
  report: DnsReport | null;
  checkedAt: Date | null;
  /** without deleted ones */
  mailboxes: number;
  /** addresses beside the mailboxes' own */
  aliases: number;
}

export interface DomainDetails extends DomainSummary {
  verificationToken: string;
  dkimSelector: string;
  dkimPublicKey: string;
  createdAt: Date;
}

const counts = {
  _count: { select: { mailboxes: { where: { status: { not: 'deleted' } } }, addresses: { where: { isPrimary: false } } } },
} as const;

/** The customer's domains by name. */
export async function listDomains(database: Database, scope: CustomerScope): Promise<DomainSummary[]> {
  const domains = await database.domain.findMany({ where: { customerId: scope.customerId }, include: counts, orderBy: { name: 'asc' } });
  return domains.map(summary);
}

/** One domain, or null: there is none, or it belongs to another customer. */
export async function readDomain(database: Database, scope: CustomerScope, name: DomainName): Promise<DomainDetails | null> {
  const domain = await database.domain.findFirst({ where: { name, customerId: scope.customerId }, include: counts });
  if (!domain) return null;
  const { verificationToken, dkimSelector, dkimPublicKey, createdAt } = domain;
  return { ...summary(domain), verificationToken, dkimSelector, dkimPublicKey, createdAt };
}

interface Row {
  name: string;
  verifiedAt: Date | null;
  dnsReport: unknown;
  dnsCheckedAt: Date | null;
  _count: { mailboxes: number; addresses: number };
}

const summary = ({ name, verifiedAt, dnsReport, dnsCheckedAt, _count }: Row): DomainSummary => ({
  name: name as DomainName,
  verifiedAt,
  report: dnsReport as DnsReport | null,
  checkedAt: dnsCheckedAt,
  mailboxes: _count.mailboxes,
  aliases: _count.addresses,
});
