import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { AuthorReport } from '#components/admin/domains/author-report.tsx';
import { Crumbs } from '#components/admin/crumbs.tsx';
import { ReportRecord } from '#components/admin/domains/report-record.tsx';
import { TransportReport } from '#components/admin/domains/transport-report.tsx';
import { displayDomain } from '#lib/addresses/domain-name.ts';
import { reportAddress } from '#lib/addresses/report-address.ts';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { goesTo } from '#lib/dns/check-record.ts';
import { askingFor, dmarcValue, tlsReportValue } from '#lib/dns/expected-records.ts';
import { installationHost } from '#lib/dns/installation-host.ts';
import { nameInZone, zoneOf } from '#lib/dns/name-in-zone.ts';
import { readDomainReports, reportDays } from '#lib/provisioning/domains/read-domain-reports.ts';
import { domainFromPath } from '../domain-from-path.ts';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const name = await domainFromPath(params);
  return { title: name ? (await getTranslations('panel.reports'))('title', { domain: displayDomain(name) }) : '' };
}

/** What other mail hosts report about a domain: mail in its name (DMARC), and TLS on the way here (TLS-RPT). */
export default async function DomainReports({ params }: Props) {
  const { scope } = await requireCustomerScope();
  const name = await domainFromPath(params);
  const reports = name && (await readDomainReports(database(), scope, name));
  if (!reports) notFound();
  const text = await getTranslations('panel.reports');
  const { host } = installationHost();
  const display = displayDomain(name);
  const label = (record: string): string => nameInZone(`${record}.${name}`, zoneOf(name));
  const asked = (found: readonly string[], kind: 'dmarc' | 'tls') => found.some((record) => goesTo(record, reportAddress(kind, host)));
  const { dmarc, tls, found } = reports;
  return (
    <>
      <Crumbs href={`/panel/domains/${name}`} label={display} here={text('crumb')} mono={false} />
      <h1 className="say">
        {dmarc ? text('authors.sentence', { count: dmarc.letters, domain: display, days: reportDays }) : text('authors.none')}
      </h1>
      {dmarc ? <AuthorReport reports={dmarc} /> : null}
      {dmarc || asked(found.dmarc, 'dmarc') ? (
        dmarc ? null : (
          <p className="lede">{text('authors.soon')}</p>
        )
      ) : (
        <>
          <p className="lede">{text('authors.why')}</p>
          <ReportRecord label={label('_dmarc')} value={askingFor(found.dmarc[0], reportAddress('dmarc', host)) ?? dmarcValue(host)} />
        </>
      )}
      <section aria-labelledby="tls-reports" className="mt-9">
        <h2 className="h" id="tls-reports">
          {text('tls.title')}
        </h2>
        {tls ? <TransportReport reports={tls} days={reportDays} /> : null}
        {tls || asked(found.tls, 'tls') ? (
          tls ? null : (
            <p className="mid mt-2">{text('tls.soon')}</p>
          )
        ) : (
          <>
            <p className="mid mt-2">{text('tls.why')}</p>
            <ReportRecord label={label('_smtp._tls')} value={askingFor(found.tls[0], reportAddress('tls', host)) ?? tlsReportValue(host)} />
          </>
        )}
      </section>
    </>
  );
}
