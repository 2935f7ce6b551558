import { checkDkim, checkDmarc, checkMx, checkOwnership, checkSetup, checkSpf, checkSts, checkTlsReports } from './check-record.ts';
import { ownershipName, type DomainFacts, type HostFacts, type RecordKind } from './expected-records.ts';
import type { Lookup } from './lookup.ts';

/**
 * - right: stands there as it should
 * - note: works, with something worth knowing
 * - missing: the name servers say that there is none
 * - wrong: there is one, but not the one that is needed
 * - unknown: the name servers could not be asked; says nothing about the record
 */
export type RecordState = 'right' | 'note' | 'missing' | 'wrong' | 'unknown';

export interface RecordFinding {
  state: RecordState;
  /** one of a closed list per kind; the sentence stands in the message files */
  remark: string;
  found: string[];
  /** a value better than the general one, made from what was found (SPF) */
  suggestion?: string;
}

export type DnsReport = Record<RecordKind, RecordFinding>;

/** Asks the DNS for everything a domain needs, side by side. Never throws for what a name server does or does not answer. */
export async function checkRecords(domain: DomainFacts, host: HostFacts, lookup: Lookup): Promise<DnsReport> {
  const at = (label: string) => `${label}.${domain.name}`;
  const [ownership, mx, apex, dkim, dmarc, sts, tlsrpt, autoconfig, imaps, submissions] = await Promise.all([
    lookup.txt(ownershipName(domain.name)),
    lookup.mx(domain.name),
    lookup.txt(domain.name),
    lookup.txt(at(`${domain.dkimSelector}._domainkey`)),
    lookup.txt(at('_dmarc')),
    lookup.txt(at('_mta-sts')),
    lookup.txt(at('_smtp._tls')),
    lookup.cname(at('autoconfig')),
    lookup.srv(at('_imaps._tcp')),
    lookup.srv(at('_submissions._tcp')),
  ]);
  const mxFinding = checkMx(mx, host.host);
  return {
    ownership: checkOwnership(ownership, domain.verificationToken),
    mx: mxFinding,
    spf: checkSpf(apex, host.host, mxFinding.state === 'right' || mxFinding.state === 'note'),
    dkim: checkDkim(dkim, domain.dkimPublicKey),
    dmarc: checkDmarc(dmarc),
    sts: checkSts(sts, host),
    tlsrpt: checkTlsReports(tlsrpt, host.host),
    setup: checkSetup({ autoconfig, imaps, submissions }, host),
  };
}
