import { CircleAlert, Forward, Globe, Mail, Users } from 'lucide-react';
import type { Metadata } from 'next';
import Form from 'next/form';
import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { Button } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { displayDomain } from '#lib/addresses/domain-name.ts';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { findAddress } from '#lib/provisioning/addresses/find-address.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('panel'))('search.title') };
}

/** Who gets what: an address, and the mailbox that mail to it goes to. */
export default async function SearchPage({ searchParams }: { searchParams: Promise<{ q?: string | string[] }> }) {
  const { scope } = await requireCustomerScope();
  const text = await getTranslations('panel.search');
  const wide = await getTranslations('panel');
  const { q } = await searchParams;
  const query = typeof q === 'string' ? q.trim().slice(0, 254) : '';
  const { domains, addresses, leading, nobody, more } = await findAddress(database(), scope, query);
  const count = domains.length + addresses.length + leading.length;
  return (
    <>
      <h1 className="say-s">{query === '' ? text('empty') : text(more ? 'sentenceMore' : 'sentence', { count, query })}</h1>
      <Form action="/panel/search" className="oneline only-phone mt-4" role="search">
        <input
          className="input grow"
          type="search"
          name="q"
          defaultValue={query}
          aria-label={wide('searchLabel')}
          placeholder={wide('searchLabel')}
          maxLength={254}
        />
        <Button type="submit">{text('field')}</Button>
      </Form>
      {nobody ? (
        <p className="notice warn mt-4">
          <Icon of={CircleAlert} />
          {text('nobody', { address: displayAddress(nobody) })}
        </p>
      ) : null}
      {count === 0 ? null : (
        <ul className="sheet hitlist">
          {domains.map((name) => (
            <li key={name}>
              <Icon of={Globe} />
              <Link className="mono rowlink" href={`/panel/domains/${name}`}>
                {displayDomain(name)}
              </Link>
              <span className="mid">{text('domain')}</span>
            </li>
          ))}
          {addresses.map(({ address, mailbox, mailboxId, isAlias, status }) => (
            <li key={address}>
              <Icon of={isAlias ? Forward : Mail} />
              <Link className="mono rowlink" href={`/panel/mailboxes/${mailboxId}`}>
                {displayAddress(address)}
              </Link>
              <span className="mid">
                {isAlias ? text('alias', { mailbox: displayAddress(mailbox) }) : text('own')}
                {status === 'active' ? '' : `, ${text(status)}`}
              </span>
            </li>
          ))}
          {leading.map(({ id, address, kind, targets, expired }) => (
            <li key={address}>
              <Icon of={kind === 'group' ? Users : Forward} />
              <Link className="mono rowlink" href={`/panel/addresses/${id}`}>
                {displayAddress(address)}
              </Link>
              <span className="mid">
                {text(kind, { count: targets })}
                {expired ? `, ${text('expired')}` : ''}
              </span>
            </li>
          ))}
        </ul>
      )}
      {query.includes('@') ? (
        <p className="mt-4">
          <Link className="link" href={`/panel/addresses/map?address=${encodeURIComponent(query)}`}>
            {text('map')}
          </Link>
        </p>
      ) : null}
    </>
  );
}
