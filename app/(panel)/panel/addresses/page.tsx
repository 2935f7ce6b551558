import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { AddressBoard } from '#components/admin/addresses/address-board.tsx';
import { Crumbs } from '#components/admin/crumbs.tsx';
import { MapForm } from '#components/admin/addresses/map-form.tsx';
import { NoDomain } from '#components/admin/no-domain.tsx';
import { OutsideForwardsForm } from '#components/admin/addresses/outside-forwards-form.tsx';
import { displayDomain, parseDomainName } from '#lib/addresses/domain-name.ts';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { listAddresses } from '#lib/provisioning/addresses/list-addresses.ts';
import { listDomains } from '#lib/provisioning/domains/list-domains.ts';
import { readOutsideForwards } from '#lib/provisioning/addresses/set-outside-forwards.ts';
import { addressView } from './address-view.ts';
import { removeAddressAction, saveAddressAction, setOutsideForwardsAction } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('panel'))('addresses.title') };
}

/** Forwards, groups and catch-alls of the customer, or of one domain. */
export default async function Addresses({ searchParams }: { searchParams: Promise<{ domain?: string | string[] }> }) {
  const { scope } = await requireCustomerScope();
  const text = await getTranslations('panel');
  const wanted = (await searchParams).domain;
  const all = await listDomains(database(), scope);
  if (all.length === 0) return <NoDomain />;
  const name = typeof wanted === 'string' ? parseDomainName(wanted) : null;
  const domain = all.find((candidate) => candidate.name === name)?.name ?? null;
  const [addresses, allowed] = await Promise.all([listAddresses(database(), scope, domain), readOutsideForwards(database(), scope)]);
  const domains = all
    .filter((one) => one.aliasOf === null && (domain === null || one.name === domain))
    .map((one) => ({ name: one.name, display: displayDomain(one.name) }));
  const paused = addresses.flatMap(({ targets }) => targets).filter(({ pausedAt }) => pausedAt !== null).length;
  return (
    <>
      {domain ? <Crumbs href="/panel/addresses" label={text('addresses.title')} here={displayDomain(domain)} /> : null}
      <h1 className="say-s">{text('addresses.sentence', { count: addresses.length, paused })}</h1>
      <p className="lede">{text('addresses.lede')}</p>
      <MapForm />
      <AddressBoard
        key={domain}
        addresses={addresses.map(addressView)}
        domains={domains}
        save={saveAddressAction}
        remove={removeAddressAction}
      />
      {domain ? null : (
        <section className="sheet block-sheet" aria-labelledby="outside">
          <h2 className="h" id="outside">
            {text('outsideForwards.title')}
          </h2>
          <p className="mid">{text('outsideForwards.text')}</p>
          <div className="mt-4">
            <OutsideForwardsForm allowed={allowed} action={setOutsideForwardsAction} />
          </div>
        </section>
      )}
    </>
  );
}
