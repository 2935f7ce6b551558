import type { DomainName } from '../addresses/domain-name.ts';
import { reportAddress } from '../addresses/report-address.ts';
import { dkimName, dkimValue } from '../dkim/key-record.ts';
import { cnameSelectors, cnameTarget, isCnameSelector } from '../dkim/plan-keys.ts';
import type { DkimKeyFacts } from './dkim-facts.ts';
import { nameInZone, zoneOf } from './name-in-zone.ts';
import { stsPolicyId, type StsMode } from './sts-policy.ts';

export type RecordKind = 'ownership' | 'mx' | 'spf' | 'dkim' | 'dmarc' | 'sts' | 'tlsrpt' | 'setup';

export interface ExpectedRecord {
  /** fully qualified, without a trailing dot */
  name: string;
  /** the same as a provider's form wants it: relative to the zone, "@" for the zone itself */
  label: string;
  type: 'TXT' | 'MX' | 'SRV' | 'CNAME';
  /** as people type it in a DNS form: "10 mail.example", "v=spf1 …" */
  value: string;
}

/** What a domain needs in its DNS, in the order in which a person sets it. */
export type ExpectedRecords = Record<RecordKind, readonly ExpectedRecord[]>;

export interface DomainFacts {
  name: DomainName;
  verificationToken: string;
  dkimKeys: readonly DkimKeyFacts[];
}

export interface HostFacts {
  /** POSTAMT_HOST: MX, IMAP, POP3 and submission */
  host: string;
  /** host name of the web, where autoconfig and autodiscover answer */
  webHost: string;
  ports: { imaps: number; pop3s: number; submissions: number; sieve: number };
  /** POSTAMT_STS_MODE */
  stsMode: StsMode;
  /** POSTAMT_DKIM_ZONE; null: domains publish their keys themselves */
  dkimZone: string | null;
}

export const ownershipName = (domain: DomainName): string => `_postamt.${domain}`;
export const ownershipValue = (token: string): string => `postamt-verification=${token}`;
/** RFC 7208. Both `mx` and `a:` so that sending works before and after the MX record points here. */
export const spfValue = (host: string): string => `v=spf1 mx a:${host} -all`;
export const stsRecordValue = (facts: { host: string; stsMode: StsMode }): string => `v=STSv1; id=${stsPolicyId(facts)};`;
/** RFC 9990: reports about mail in the domain's name come here, where the panel shows them. */
export const dmarcValue = (host: string): string =>
  // nobody elsewhere can write to "localhost"
  host.includes('.') ? `v=DMARC1; p=none; rua=mailto:${reportAddress('dmarc', host)}` : 'v=DMARC1; p=none';
/** RFC 8460: the same about TLS on the way here. */
export const tlsReportValue = (host: string): string => `v=TLSRPTv1; rua=mailto:${reportAddress('tls', host)}`;

/** A record that asks for reports elsewhere, with an address more; null: there is none yet. */
export function askingFor(record: string | undefined, address: string): string | null {
  if (record === undefined) return null;
  const uri = `mailto:${address}`;
  const tag = /(^|;)(\s*rua\s*=\s*)([^;]*)/i.exec(record);
  if (!tag) return `${record.trim().replace(/;$/, '')}; rua=${uri}`;
  const [whole, before = '', name = '', listed = ''] = tag;
  return record.replace(whole, () => `${before}${name}${listed.trim() === '' ? uri : `${listed.trim()},${uri}`}`);
}

/** Pure: the same facts always give the same records (golden file tests/fixtures/client-setup/dns-records.json). */
export function expectedRecords(domain: DomainFacts, { host, webHost, ports, stsMode, dkimZone }: HostFacts): ExpectedRecords {
  const zone = zoneOf(domain.name);
  const named = (name: string) => ({ name, label: nameInZone(name, zone) });
  const at = (label: string) => named(`${label}.${domain.name}`);
  const srv = (service: string, port: number, target: string): ExpectedRecord => ({
    ...at(service),
    type: 'SRV',
    value: `0 1 ${port} ${target}`,
  });
  return {
    ownership: [{ ...named(ownershipName(domain.name)), type: 'TXT', value: ownershipValue(domain.verificationToken) }],
    mx: [{ ...named(domain.name), type: 'MX', value: `10 ${host}` }],
    spf: [{ ...named(domain.name), type: 'TXT', value: spfValue(host) }],
    dkim: dkimRecords(domain, dkimZone).map(({ name, ...record }) => ({ ...named(name), ...record })),
    dmarc: [{ ...at('_dmarc'), type: 'TXT', value: dmarcValue(host) }],
    // RFC 8461: the first says that there is a policy, the second leads to where it stands
    sts: [
      { ...at('_mta-sts'), type: 'TXT', value: stsRecordValue({ host, stsMode }) },
      { ...at('mta-sts'), type: 'CNAME', value: webHost },
    ],
    tlsrpt: [{ ...at('_smtp._tls'), type: 'TXT', value: tlsReportValue(host) }],
    // RFC 6186, RFC 8314 and RFC 5804 section 1.8; autoconfig is what Thunderbird, FairEmail and K-9 ask first
    setup: [
      { ...at('autoconfig'), type: 'CNAME', value: webHost },
      srv('_autodiscover._tcp', 443, webHost),
      srv('_imaps._tcp', ports.imaps, host),
      srv('_submissions._tcp', ports.submissions, host),
      srv('_pop3s._tcp', ports.pop3s, host),
      srv('_sieve._tcp', ports.sieve, host),
    ],
  };
}

/**
 * Two CNAMEs, set once, where the installation publishes the keys behind them. Else the keys themselves: the newest RSA key first, which is the
 * one that everybody can check, and Ed25519 (RFC 8463).
 */
function dkimRecords({ name, dkimKeys }: DomainFacts, zone: string | null): Pick<ExpectedRecord, 'name' | 'type' | 'value'>[] {
  if (zone !== null) {
    return cnameSelectors.map((selector) => ({ name: dkimName(selector, name), type: 'CNAME', value: cnameTarget(selector, name, zone) }));
  }
  // a key that was to stand behind a CNAME and never did is of no use here
  const keys = dkimKeys.filter(({ use, selector }, index) => use !== 'old' && (index === 0 || !isCnameSelector(selector)));
  const newest = (algorithm: string) => keys.findLast((key) => key.algorithm === algorithm);
  return [newest('rsa'), newest('ed25519')].flatMap((key) =>
    key ? [{ name: dkimName(key.selector, name), type: 'TXT' as const, value: dkimValue(key) }] : [],
  );
}
