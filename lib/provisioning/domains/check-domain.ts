import type { DomainName } from '../../addresses/domain-name.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { checkRecords } from '../../dns/check-records.ts';
import type { DnsReport } from '../../dns/record-finding.ts';
import { dkimFacts, keyFacts } from '../../dns/dkim-facts.ts';
import type { HostFacts } from '../../dns/expected-records.ts';
import type { Lookup } from '../../dns/lookup.ts';
import { storableJson } from '../../mime/storable-json.ts';
import { recordAudit } from '../record-audit.ts';
import { done, refused, type Result } from '../result.ts';

const freshForMs = 5_000;

export interface CheckedDomain {
  report: DnsReport;
  checkedAt: Date;
  verifiedAt: Date | null;
}

/**
 * Looks up a domain's records now and keeps the report. The first time that the ownership record is there, the domain is confirmed;
 * it stays confirmed when the record goes. What is seen of its DKIM keys decides which of them sign. A report younger than five seconds is answered again. UnknownDomain: none of this customer.
 */
export async function checkDomain(
  database: Database,
  scope: CustomerScope,
  name: DomainName,
  { host, lookup }: { host: HostFacts; lookup: Lookup },
): Promise<Result<CheckedDomain, 'UnknownDomain'>> {
  const domain = await database.domain.findFirst({ where: { name, customerId: scope.customerId }, include: { dkimKeys: keyFacts } });
  if (!domain) return refused('UnknownDomain');
  if (domain.dnsReport && domain.dnsCheckedAt && Date.now() - domain.dnsCheckedAt.getTime() < freshForMs) {
    return done({ report: domain.dnsReport as unknown as DnsReport, checkedAt: domain.dnsCheckedAt, verifiedAt: domain.verifiedAt });
  }
  const { verificationToken } = domain;
  const { report: seen, keys } = await checkRecords({ name, verificationToken, dkimKeys: dkimFacts(domain) }, host, lookup);
  // who was confirmed once need not keep the record
  const report: DnsReport = domain.verifiedAt ? { ...seen, ownership: { ...seen.ownership, state: 'right', remark: 'confirmed' } } : seen;
  const checkedAt = new Date();
  const proven = report.ownership.state === 'right';
  return database.$transaction(async (transaction): Promise<Result<CheckedDomain, 'UnknownDomain'>> => {
    // while the name servers were asked it may have been removed, or had to give its name up
    const { count } = await transaction.domain.updateMany({
      where: { id: domain.id, name },
      data: { dnsReport: JSON.parse(storableJson(report)), dnsCheckedAt: checkedAt },
    });
    if (count === 0) return refused('UnknownDomain');
    for (const { selector, publicKey, seen: isSeen } of keys) {
      await transaction.$queryRaw`select dkim_key_seen(${domain.id}, ${selector}, ${publicKey}, ${isSeen})::text`;
    }
    const answer = done({ report, checkedAt, verifiedAt: domain.verifiedAt ?? (proven ? checkedAt : null) });
    if (!proven || domain.verifiedAt) return answer;
    const first = await transaction.domain.updateMany({ where: { id: domain.id, verifiedAt: null }, data: { verifiedAt: checkedAt } });
    const { customerId, actor, remote } = scope;
    if (first.count > 0) await recordAudit(transaction, { customerId, actor, remote, action: 'domain.verified', subject: name });
    return answer;
  });
}
