import type { Metadata } from 'next';
import Form from 'next/form';
import { redirect } from 'next/navigation';
import { getFormatter, getLocale, getTranslations } from 'next-intl/server';
import { CertificateNotice } from '#components/admin/customers/certificate-notice.tsx';
import { CustomerMenu } from '#components/admin/customers/customer-menu.tsx';
import { HeldSending } from '#components/admin/held-sending.tsx';
import { Button } from '#components/ui/button.tsx';
import { Chip } from '#components/ui/chip.tsx';
import { Pager } from '#components/ui/pager.tsx';
import { displayDomain } from '#lib/addresses/domain-name.ts';
import { isWorldly } from '#lib/addresses/foreign-domain.ts';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { requireOperatorScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { installationHost } from '#lib/dns/installation-host.ts';
import { formatBytes } from '#lib/i18n/format-bytes.ts';
import { listHeldMailboxes } from '#lib/provisioning/mailboxes/list-held-mailboxes.ts';
import { customersAtOnce, listCustomers } from '#lib/provisioning/customers/list-customers.ts';
import { defaultLimits } from '#lib/provisioning/customers/customer-limits.ts';
import { parseListQuery } from '#lib/provisioning/list-query.ts';
import { gigabyte } from '#lib/provisioning/mailboxes/quota-choices.ts';
import { NewCustomer } from '#components/admin/customers/new-customer.tsx';
import { createCustomerAction, newOwnerPasswordAction, releaseSendingAction, setLimitsAction, suspendCustomerAction } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('panel'))('customers.title') };
}

const mostDomains = 3;

const inGigabytes = <T extends { storageBytes: number | null }>({ storageBytes, ...limits }: T) => ({
  ...limits,
  storageGb: storageBytes === null ? null : Math.round(storageBytes / gigabyte),
});

/** So many are seen at a glance, and need no field to find one. */
const fewCustomers = 20;

const pageHref = (words: string, page: number): string =>
  `/panel/customers?${new URLSearchParams({ ...(words === '' ? {} : { q: words }), page: String(page) })}`;

export default async function Customers({ searchParams }: { searchParams: Promise<Partial<Record<string, string | string[]>>> }) {
  const { scope } = await requireOperatorScope();
  const text = await getTranslations('panel.customers');
  const format = await getFormatter();
  const locale = await getLocale();
  const { words, page } = parseListQuery(await searchParams);
  const { customers, found, all } = await listCustomers(database(), scope, { words, page });
  if (customers.length === 0 && page > 1) redirect(pageHref(words, 1));
  const { dkimZone, host } = installationHost();
  const held = await listHeldMailboxes(database(), scope);
  return (
    <>
      <h1 className="say-s">
        {text('sentence', { count: all.customers, mailboxes: all.mailboxes, used: formatBytes(locale, all.usedBytes) })}
      </h1>
      <div className="mt-4">
        <NewCustomer create={createCustomerAction} />
      </div>
      {dkimZone === null ? null : (
        <p className="hint mt-2">
          {text('dkimZone', { zone: dkimZone })}{' '}
          <a className="link" href="/panel/customers/dkim-zone" download>
            {text('dkimZoneLoad')}
          </a>
        </p>
      )}
      {isWorldly(host) ? (
        <p className="hint mt-2">
          {text('hostZone', { host })}{' '}
          <a className="link" href="/panel/customers/host-zone" download>
            {text('dkimZoneLoad')}
          </a>
        </p>
      ) : null}
      <CertificateNotice />
      {held.map(({ id, address, reason }) => (
        <HeldSending key={id} address={displayAddress(address)} reason={reason} release={releaseSendingAction.bind(null, id)} />
      ))}
      {all.customers > fewCustomers ? (
        <Form action="/panel/customers" className="oneline mt-6" role="search">
          <input
            key={words}
            className="input grow"
            type="search"
            name="q"
            defaultValue={words}
            aria-label={text('find')}
            placeholder={text('find')}
            maxLength={254}
          />
          <Button type="submit">{text('findButton')}</Button>
        </Form>
      ) : null}
      {customers.length === 0 ? (
        words === '' ? null : (
          <p className="hint mt-4">{text('notFound')}</p>
        )
      ) : (
        <div className="sheet tablebox mt-6">
          <table className="cards">
            <caption className="vh">{text('title')}</caption>
            <thead>
              <tr>
                <th scope="col">{text('name')}</th>
                <th scope="col">{text('domains')}</th>
                <th scope="col" className="r">
                  {text('mailboxes')}
                </th>
                <th scope="col" className="r">
                  {text('space')}
                </th>
                <th scope="col">{text('since')}</th>
                <th scope="col">{text('state')}</th>
                <th scope="col">
                  <span className="vh">{text('actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {customers.map(({ id, name, owner, domains, mailboxes, usedBytes, createdAt, status, limits }) => (
                <tr key={id}>
                  <th scope="row">
                    {name}
                    {owner ? <span className="hint mono block">{displayAddress(owner.email)}</span> : null}
                  </th>
                  <td className="mono" data-label={text('domains')}>
                    {domains.length === 0 ? text('noDomain') : domains.slice(0, mostDomains).map(displayDomain).join(', ')}
                    {domains.length > mostDomains ? (
                      <span className="hint block">{text('moreDomains', { count: domains.length - mostDomains })}</span>
                    ) : null}
                  </td>
                  <td className="r num" data-label={text('mailboxes')}>
                    {format.number(mailboxes)}
                  </td>
                  <td className="r num" data-label={text('space')}>
                    {formatBytes(locale, usedBytes)}
                  </td>
                  <td className="mid" data-label={text('since')}>
                    {format.dateTime(createdAt, { dateStyle: 'medium' })}
                  </td>
                  <td>
                    <Chip tone={status === 'active' ? 'ok' : 'warn'}>{text(status)}</Chip>
                  </td>
                  <td className="r more">
                    <CustomerMenu
                      id={id}
                      name={name}
                      suspended={status === 'suspended'}
                      change={suspendCustomerAction}
                      owner={owner && { id: owner.id, address: displayAddress(owner.email) }}
                      newPassword={newOwnerPasswordAction}
                      limits={inGigabytes(limits)}
                      standard={inGigabytes(defaultLimits())}
                      saveLimits={setLimitsAction.bind(null, id)}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Pager page={page} pages={Math.ceil(found / customersAtOnce)} href={(at) => pageHref(words, at)} />
    </>
  );
}
