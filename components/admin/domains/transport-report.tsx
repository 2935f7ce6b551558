import { useTranslations } from 'next-intl';
import type { TransportReports } from '#lib/provisioning/domains/read-domain-reports.ts';

const known = [
  'starttls-not-supported',
  'certificate-host-mismatch',
  'certificate-expired',
  'certificate-not-trusted',
  'validation-failure',
  'tlsa-invalid',
  'dnssec-invalid',
  'dane-required',
  'sts-policy-fetch-error',
  'sts-policy-invalid',
  'sts-webpki-invalid',
] as const;

type Known = (typeof known)[number];
const isKnown = (result: string): result is Known => (known as readonly string[]).includes(result);

/** TLS on the way here, in sentences. */
export function TransportReport({ reports, days }: { reports: TransportReports; days: number }) {
  const text = useTranslations('panel.reports.tls');
  const { sessions, failures, reporters } = reports;
  const failed = failures.reduce((sum, { sessions: count }) => sum + count, 0);
  return (
    <>
      <p className="mid mt-2">
        {text('sentence', { count: sessions, days })} {text('failed', { count: failed })}
      </p>
      {failures.length > 0 ? (
        <ul className="sheet mt-4">
          {failures.map(({ result, sessions: count, hosts }) => (
            <li className="rec plain" key={result}>
              <span>
                {text('times', { count })} {text(`results.${isKnown(result) ? result : 'other'}`)}
                {hosts.length > 0 ? <span className="hint mono block">{hosts.join(', ')}</span> : null}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      <p className="hint mt-3">{text('reporters', { names: reporters.slice(0, 6).join(', '), more: Math.max(0, reporters.length - 6) })}</p>
    </>
  );
}
