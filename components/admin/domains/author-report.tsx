import { useFormatter, useTranslations } from 'next-intl';
import type { AuthorReports, AuthorSource } from '#lib/provisioning/domains/read-domain-reports.ts';
import { Chip } from '../../ui/chip.tsx';

/** Mail in the name of a domain: sentences first, then who sent it. */
export function AuthorReport({ reports }: { reports: AuthorReports }) {
  const text = useTranslations('panel.reports.authors');
  const { letters, proved, foreignSources, rejected, quarantined, reporters } = reports;
  const unproved = letters - proved;
  return (
    <>
      <p className="lede">
        {text('proved', { count: proved })} {text('unproved', { count: unproved, sources: foreignSources })}
      </p>
      {unproved > 0 ? (
        <p className="mid mt-2">
          {text('fate', { rejected, quarantined, rest: unproved - rejected - quarantined })} {text('meaning')}
        </p>
      ) : null}
      <div className="sheet tablebox mt-6">
        <table className="cards">
          <caption className="vh">{text('caption')}</caption>
          <thead>
            <tr>
              <th scope="col">{text('source')}</th>
              <th scope="col">{text('state')}</th>
              <th scope="col" className="r">
                {text('letters')}
              </th>
              <th scope="col" className="r">
                {text('provedColumn')}
              </th>
              <th scope="col">{text('domains')}</th>
            </tr>
          </thead>
          <tbody>
            {reports.sources.map((source) => (
              <Source key={source.source} of={source} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="hint mt-3">{text('reporters', { names: reporters.slice(0, 6).join(', '), more: Math.max(0, reporters.length - 6) })}</p>
    </>
  );
}

function Source({ of }: { of: AuthorSource }) {
  const text = useTranslations('panel.reports.authors');
  const format = useFormatter();
  const state = of.proved === of.letters ? 'all' : of.proved === 0 ? 'nothing' : 'some';
  return (
    <tr>
      <th scope="row" className="mono">
        {of.source || text('others')}
      </th>
      <td>
        <Chip tone={state === 'all' ? 'ok' : state === 'some' ? 'warn' : 'bad'}>{text(`states.${state}`)}</Chip>
      </td>
      <td className="r num" data-label={text('letters')}>
        {format.number(of.letters)}
      </td>
      <td className="r num" data-label={text('provedColumn')}>
        {format.number(of.proved)}
      </td>
      <td className="mid" data-label={text('domains')}>
        <span className="mono">{of.domains.length > 0 ? of.domains.join(', ') : '–'}</span>
      </td>
    </tr>
  );
}
