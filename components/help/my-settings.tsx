import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { ClientSettings } from '#lib/client-setup/client-settings.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Stamp } from '../ui/stamp.tsx';

interface Props {
  settings: ClientSettings;
  /** null: nobody is signed in, or somebody without a mailbox */
  address: string | null;
  /** user name for programs: the address with its domain as it stands in the DNS, which all of them understand */
  login: string | null;
  footer?: ReactNode;
}

/** The reader's own settings: server, port, encryption and user name, each with a copy button. */
export function MySettings({ settings, address, login, footer }: Props) {
  const text = useTranslations('help.settings');
  const { host, imaps, pop3s, submissions, submission, sieve } = settings;
  const groups = [
    { heading: text('incoming'), port: imaps, security: 'SSL/TLS' },
    { heading: text('pop3'), port: pop3s, security: 'SSL/TLS' },
    { heading: text('outgoing'), port: submissions, security: 'SSL/TLS' },
    { heading: text('filters'), port: sieve, security: 'STARTTLS' },
  ];
  const line = (label: string, value: string, what: string | null, words = false) => (
    <div>
      <dt>{label}</dt>
      <dd className={words ? 'v words' : 'v'}>{value}</dd>
      <dd className="c">{what === null ? null : <CopyButton value={value} what={what} />}</dd>
    </div>
  );
  return (
    <section className="sheet mine" aria-labelledby="my-settings">
      <header>
        {address ? <Stamp name={address} me /> : null}
        <div>
          <h2 id="my-settings">{text(address ? 'yours' : 'general')}</h2>
          <p className="mono mid">{address ?? text('anybody')}</p>
        </div>
      </header>
      {groups.map(({ heading, port, security }) => (
        <div key={heading}>
          <h3>{heading}</h3>
          <dl>
            {line(text('server'), host, `${heading}, ${text('server')}`)}
            {line(text('port'), String(port), `${heading}, ${text('port')}`)}
            {line(text('security'), security, null)}
          </dl>
        </div>
      ))}
      <h3>{text('login')}</h3>
      <dl>
        {line(text('user'), login ?? text('wholeAddress'), login ? text('user') : null, login === null)}
        {line(text('password'), text('passwordKind'), null, true)}
      </dl>
      <p className="hint foot">{text('starttls', { port: String(submission) })}</p>
      {footer}
    </section>
  );
}
