import { CircleAlert } from 'lucide-react';
import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { AddressMap } from '#components/admin/addresses/address-map.tsx';
import { Crumbs } from '#components/admin/crumbs.tsx';
import { MapForm } from '#components/admin/addresses/map-form.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { displayAddress, parseEmailAddress } from '#lib/addresses/email-address.ts';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { mapAddress } from '#lib/provisioning/addresses/map-address.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('panel'))('addresses.mapTitle') };
}

/** "Wer bekommt was": where a letter to an address ends, step by step. */
export default async function MapPage({ searchParams }: { searchParams: Promise<{ address?: string | string[] }> }) {
  const { scope } = await requireCustomerScope();
  const text = await getTranslations('panel.addresses');
  const given = (await searchParams).address;
  const asked = typeof given === 'string' ? given.replaceAll('\0', '').trim().slice(0, 320) : '';
  const address = parseEmailAddress(asked);
  return (
    <>
      <Crumbs href="/panel/addresses" label={text('mapBack')} here={text('mapTitle')} mono={false} />
      <h1 className="say-s">{address ? text('mapSentence', { address: displayAddress(address) }) : text('mapTitle')}</h1>
      <MapForm address={asked} />
      {address ? <AddressMap step={await mapAddress(database(), scope, address)} /> : null}
      {!address && asked !== '' ? (
        <p className="notice warn mt-4" role="alert">
          <Icon of={CircleAlert} />
          {text('mapInvalid')}
        </p>
      ) : null}
    </>
  );
}
