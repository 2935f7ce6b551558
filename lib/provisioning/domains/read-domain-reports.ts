import type { DomainName } from '../../addresses/domain-name.ts';
import type { CustomerScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';

export const reportDays = 30;
const mostSources = 100;

/** What others reported about mail in the name of a domain. */
export interface AuthorReports {
  letters: number;
  /** DKIM or SPF of the domain itself spoke for them */
  proved: number;
  /** hosts from which came what was not proved */
  foreignSources: number;
  rejected: number;
  quarantined: number;
  reporters: string[];
  /** those with most that was not proved first */
  sources: AuthorSource[];
}

export interface AuthorSource {
  /** IP address; "": others together */
  source: string;
  letters: number;
  proved: number;
  rejected: number;
  quarantined: number;
  /** domains whose signatures stood on them, and those of reverse-paths */
  domains: string[];
}

/** What others reported about TLS on the way to the hosts of a domain. */
export interface TransportReports {
  sessions: number;
  failures: { result: string; sessions: number; hosts: string[] }[];
  reporters: string[];
}

export interface DomainReports {
  verified: boolean;
  dmarc: AuthorReports | null;
  tls: TransportReports | null;
  /** the records that ask for reports, as they were last seen */
  found: { dmarc: string[]; tls: string[] };
}

type Numbers<Name extends string> = Record<Name, bigint>;

/** The reports of the last 30 days, or null: there is no such domain, or it belongs to another customer. */
export async function readDomainReports(database: Database, scope: CustomerScope, name: DomainName): Promise<DomainReports | null> {
  const domain = await database.domain.findFirst({
    where: { name, customerId: scope.customerId },
    select: { id: true, verifiedAt: true, dnsReport: true },
  });
  if (!domain) return null;
  const reporters = await database.$queryRaw<{ kind: string; reporter: string }[]>`
    select kind, reporter from received_report where domain_id = ${domain.id} and until_at > now() - make_interval(days => ${reportDays})
    group by kind, reporter order by count(*) desc, reporter limit 200`;
  const of = (kind: string): string[] => reporters.filter((each) => each.kind === kind).map(({ reporter }) => reporter);
  const [dmarc, tls] = [of('dmarc'), of('tls')];
  const seen = (domain.dnsReport ?? {}) as Partial<Record<string, { found?: string[] }>>;
  return {
    verified: domain.verifiedAt !== null,
    dmarc: dmarc.length === 0 ? null : await readAuthors(database, domain.id, dmarc),
    tls: tls.length === 0 ? null : await readTransport(database, domain.id, tls),
    found: { dmarc: seen['dmarc']?.found ?? [], tls: seen['tlsrpt']?.found ?? [] },
  };
}

async function readAuthors(database: Database, domain: bigint, reporters: string[]): Promise<AuthorReports> {
  const rows = await database.$queryRaw<
    (Numbers<'letters' | 'proved' | 'rejected' | 'quarantined'> & { source: string; domains: string[] })[]
  >`
    select l.source, sum(l.count)::int8 as letters, coalesce(sum(l.count) filter (where l.success), 0)::int8 as proved,
      coalesce(sum(l.count) filter (where l.result = 'reject' and not l.success), 0)::int8 as rejected,
      coalesce(sum(l.count) filter (where l.result = 'quarantine' and not l.success), 0)::int8 as quarantined,
      (coalesce(array_agg(distinct coalesce(l.facts->>'dkimDomain', l.facts->>'envelopeFrom'))
        filter (where coalesce(l.facts->>'dkimDomain', l.facts->>'envelopeFrom') is not null), '{}'))[1:3] as domains
    from received_report r join received_report_row l on l.received_report_id = r.id
    where r.domain_id = ${domain} and r.kind = 'dmarc' and r.until_at > now() - make_interval(days => ${reportDays})
    group by l.source order by sum(l.count) filter (where not l.success) desc nulls last, letters desc`;
  const sources = rows.map((row) => ({
    source: row.source,
    letters: Number(row.letters),
    proved: Number(row.proved),
    rejected: Number(row.rejected),
    quarantined: Number(row.quarantined),
    domains: row.domains,
  }));
  const sum = (name: 'letters' | 'proved' | 'rejected' | 'quarantined'): number => sources.reduce((total, row) => total + row[name], 0);
  return {
    letters: sum('letters'),
    proved: sum('proved'),
    rejected: sum('rejected'),
    quarantined: sum('quarantined'),
    foreignSources: sources.filter(({ letters, proved }) => letters > proved).length,
    reporters,
    sources: sources.slice(0, mostSources),
  };
}

async function readTransport(database: Database, domain: bigint, reporters: string[]): Promise<TransportReports> {
  const rows = await database.$queryRaw<(Numbers<'sessions'> & { success: boolean; result: string; hosts: string[] })[]>`
    select l.success, l.result, sum(l.count)::int8 as sessions,
      (coalesce(array_agg(distinct l.facts->>'host') filter (where l.facts->>'host' is not null), '{}'))[1:3] as hosts
    from received_report r join received_report_row l on l.received_report_id = r.id
    where r.domain_id = ${domain} and r.kind = 'tls' and r.until_at > now() - make_interval(days => ${reportDays})
    group by l.success, l.result order by sessions desc limit 50`;
  const numbered = rows.map((row) => ({ ...row, sessions: Number(row.sessions) }));
  return {
    sessions: numbered.reduce((total, { sessions }) => total + sessions, 0),
    failures: numbered.filter(({ success }) => !success).map(({ result, sessions, hosts }) => ({ result, sessions, hosts })),
    reporters,
  };
}
