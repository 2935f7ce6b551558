import type { DomainName } from '../../addresses/domain-name.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import { parseEnvironment } from '../../config/config.ts';
import type { Database } from '../../db/prisma.ts';
import type { DnsReport } from '../../dns/record-finding.ts';
import { dkimFacts, keyFacts, type DkimKeyFacts } from '../../dns/dkim-facts.ts';
import { keptReport } from '../../dns/domain-state.ts';

export interface DomainSummary {
  name: DomainName;
  verifiedAt: Date | null;
  report: DnsReport | null;
  checkedAt: Date | null;
  /** without deleted ones */
  mailboxes: number;
  /** addresses beside the mailboxes' own */
  aliases: number;
  /** the domain that this one stands for */
  aliasOf: DomainName | null;
}

export interface DomainDetails extends DomainSummary {
  verificationToken: string;
  dkimKeys: readonly DkimKeyFacts[];
  /** when the RSA key in use was made */
  dkimMadeAt: Date;
  createdAt: Date;
  /** when an unproved entry is given up; null: proved, or given up already */
  expiresAt: Date | null;
  /** the name that it had to give up */
  displacedFrom: string | null;
}

const counts = {
  aliasOfDomain: { select: { name: true } },
  _count: { select: { mailboxes: { where: { status: { not: 'deleted' } } }, addresses: { where: { isPrimary: false } } } },
} as const;

/** The customer's domains by name. */
export async function listDomains(database: Database, scope: CustomerScope): Promise<DomainSummary[]> {
  const domains = await database.domain.findMany({ where: { customerId: scope.customerId }, include: counts, orderBy: { name: 'asc' } });
  return domains.map(summary);
}

/** One domain, or null: there is none, or it belongs to another customer. */
export async function readDomain(database: Database, scope: CustomerScope, name: DomainName): Promise<DomainDetails | null> {
  const domain = await database.domain.findFirst({
    where: { name, customerId: scope.customerId },
    include: { ...counts, dkimKeys: keyFacts },
  });
  if (!domain) return null;
  const { verificationToken, dkimMadeAt, createdAt, displacedFrom } = domain;
  const expiresAt = domain.verifiedAt || displacedFrom ? null : expiryOf(domain);
  return { ...summary(domain), verificationToken, dkimKeys: dkimFacts(domain), dkimMadeAt, createdAt, displacedFrom, expiresAt };
}

const dayMs = 86_400_000;
const toldDays = 7;

/** Not before a week after its people were told (mail-server/housekeeping). */
function expiryOf({ unprovedSince, expiryNoticeAt }: { unprovedSince: Date; expiryNoticeAt: Date | null }): Date {
  const { POSTAMT_UNPROVED_DAYS: days } = parseEnvironment(process.env);
  return new Date(Math.max(unprovedSince.getTime() + days * dayMs, (expiryNoticeAt?.getTime() ?? 0) + toldDays * dayMs));
}

interface Row {
  name: string;
  verifiedAt: Date | null;
  dnsReport: unknown;
  dnsCheckedAt: Date | null;
  _count: { mailboxes: number; addresses: number };
  aliasOfDomain: { name: string } | null;
}

const summary = ({ name, verifiedAt, dnsReport, dnsCheckedAt, _count, aliasOfDomain }: Row): DomainSummary => ({
  name: name as DomainName,
  verifiedAt,
  report: keptReport(dnsReport),
  checkedAt: dnsCheckedAt,
  mailboxes: _count.mailboxes,
  aliases: _count.addresses,
  aliasOf: (aliasOfDomain?.name as DomainName | undefined) ?? null,
});
