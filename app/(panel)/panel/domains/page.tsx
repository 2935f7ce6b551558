import { Plus } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { getFormatter, getTranslations } from 'next-intl/server';
import { DomainRequests } from '#components/admin/domains/domain-requests.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Chip, type ChipTone } from '#components/ui/chip.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { displayDomain } from '#lib/addresses/domain-name.ts';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { domainState, type DomainState } from '#lib/dns/domain-state.ts';
import { listDomainRequests } from '#lib/provisioning/domains/domain-requests.ts';
import { listDomains } from '#lib/provisioning/domains/list-domains.ts';
import { answerDomainRequestAction } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('panel'))('domains.title') };
}

type Shown = 'ready' | 'open' | 'waiting' | 'unknown';
const shown = (sentence: DomainState['sentence']): Shown =>
  sentence === 'ready' || sentence === 'waiting' ? sentence : sentence === 'unknown' || sentence === 'checking' ? 'unknown' : 'open';
const tones: Record<Shown, ChipTone> = { ready: 'ok', open: 'bad', waiting: 'warn', unknown: 'info' };

export default async function Domains() {
  const { scope } = await requireCustomerScope();
  const text = await getTranslations('panel.domains');
  const format = await getFormatter();
  const domains = (await listDomains(database(), scope)).map((domain) => {
    const state = domainState(domain.report, { verified: domain.verifiedAt !== null, mailboxes: domain.mailboxes });
    // a domain that nobody looked at yet waits for its confirmation
    const sentence = state.sentence === 'checking' && !domain.verifiedAt ? 'waiting' : state.sentence;
    return { ...domain, open: state.open, state: shown(sentence) };
  });
  const { incoming, own } = await listDomainRequests(database(), scope);
  const requests = (
    <DomainRequests
      incoming={incoming.map(({ id, name, parent, customer, askedBy, askedAt }) => ({
        id,
        display: displayDomain(name),
        parent: displayDomain(parent),
        customer,
        askedBy: displayAddress(askedBy),
        date: format.dateTime(askedAt, { dateStyle: 'medium' }),
      }))}
      own={own.map(({ name, parent, agreed }) => ({ name, display: displayDomain(name), parent: displayDomain(parent), agreed }))}
      answer={answerDomainRequestAction}
    />
  );
  if (domains.length === 0) {
    return (
      <>
        {requests}
        <h1 className="say">{text('none')}</h1>
        <p className="lede">{text('noneText')}</p>
        <p className="mt-7">
          <ButtonLink kind="primary" href="/panel/domains/new" icon={<Icon of={Plus} />}>
            {text('add')}
          </ButtonLink>
        </p>
      </>
    );
  }
  return (
    <>
      <div className="headline">
        <h1 className="say-s">
          {text('sentence', { count: domains.length, open: domains.filter(({ state }) => state !== 'ready').length })}
        </h1>
        <ButtonLink kind="primary" href="/panel/domains/new" icon={<Icon of={Plus} />}>
          {text('add')}
        </ButtonLink>
      </div>
      {requests}
      <div className="sheet tablebox">
        <table className="cards">
          <caption className="vh">{text('title')}</caption>
          <thead>
            <tr>
              <th scope="col">{text('name')}</th>
              <th scope="col">{text('state')}</th>
              <th scope="col" className="r">
                {text('mailboxes')}
              </th>
              <th scope="col" className="r">
                {text('aliases')}
              </th>
              <th scope="col">{text('checked')}</th>
            </tr>
          </thead>
          <tbody>
            {domains.map((domain) => (
              <tr key={domain.name}>
                <th scope="row">
                  <Link className="mono rowlink" href={`/panel/domains/${domain.name}`}>
                    {displayDomain(domain.name)}
                  </Link>
                </th>
                <td>
                  <Chip tone={tones[domain.state]}>{text(`states.${domain.state}`, { count: domain.open })}</Chip>
                </td>
                <td className="r num" data-label={text('mailboxes')}>
                  {format.number(domain.mailboxes)}
                </td>
                <td className="r num" data-label={text('aliases')}>
                  {format.number(domain.aliases)}
                </td>
                <td className="mid" data-label={text('checked')}>
                  {domain.checkedAt ? (
                    <time>{format.dateTime(domain.checkedAt, { dateStyle: 'medium', timeStyle: 'short' })}</time>
                  ) : (
                    text('notChecked')
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
