import { dkimName } from '../dkim/key-record.ts';
import { cnameSelectors, cnameTarget } from '../dkim/plan-keys.ts';
import { checkDkim, type SeenKey, seenKeys } from './check-dkim.ts';
import { checkDmarc, checkMx, checkOwnership, checkSetup, checkSpf, checkSts, checkTlsReports } from './check-record.ts';
import { ownershipName, type DomainFacts, type HostFacts } from './expected-records.ts';
import type { Answer, Lookup } from './lookup.ts';
import type { DnsReport } from './record-finding.ts';

export interface CheckedRecords {
  report: DnsReport;
  /** which of the domain's keys the DNS shows; without those that nobody could ask about */
  keys: SeenKey[];
}

/** Asks the DNS for everything a domain needs, side by side. Never throws for what a name server does or does not answer. */
export async function checkRecords(domain: DomainFacts, host: HostFacts, lookup: Lookup): Promise<CheckedRecords> {
  const at = (label: string) => `${label}.${domain.name}`;
  const tcp = (service: string): Promise<Answer<string>> => lookup.srv(at(`_${service}._tcp`));
  const [ownership, mx, apex, keys, cnames, dmarc, sts, tlsrpt, autoconfig, ...services] = await Promise.all([
    lookup.txt(ownershipName(domain.name)),
    lookup.mx(domain.name),
    lookup.txt(domain.name),
    lookUpKeys(domain, lookup),
    lookUpCnames(domain, host, lookup),
    lookup.txt(at('_dmarc')),
    lookup.txt(at('_mta-sts')),
    lookup.txt(at('_smtp._tls')),
    lookup.cname(at('autoconfig')),
    tcp('imaps'),
    tcp('submissions'),
    tcp('pop3s'),
    tcp('sieve'),
    tcp('autodiscover'),
  ]);
  const [imaps, submissions, pop3s, sieve, autodiscover] = services;
  const mxFinding = checkMx(mx, host.host);
  const report: DnsReport = {
    ownership: checkOwnership(ownership, domain.verificationToken),
    mx: mxFinding,
    spf: checkSpf(apex, host.host, mxFinding.state === 'right' || mxFinding.state === 'note'),
    dkim: checkDkim(keys, cnames),
    dmarc: checkDmarc(dmarc),
    sts: checkSts(sts, host),
    tlsrpt: checkTlsReports(tlsrpt, host.host),
    setup: checkSetup({ autoconfig, imaps, submissions, pop3s, sieve, autodiscover }, host),
  };
  return { report, keys: seenKeys(keys) };
}

const lookUpKeys = ({ name, dkimKeys }: DomainFacts, lookup: Lookup) =>
  Promise.all(
    dkimKeys.filter(({ use }) => use !== 'old').map(async (key) => ({ key, answer: await lookup.txt(dkimName(key.selector, name)) })),
  );

/** Null: no CNAMEs are asked of the domains here. */
async function lookUpCnames({ name }: DomainFacts, { dkimZone }: HostFacts, lookup: Lookup) {
  if (dkimZone === null) return null;
  return Promise.all(
    cnameSelectors.map(async (selector) => ({
      selector,
      target: cnameTarget(selector, name, dkimZone),
      answer: await lookup.cname(dkimName(selector, name)),
    })),
  );
}
