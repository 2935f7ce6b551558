import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Crumbs } from '#components/admin/crumbs.tsx';
import { NewDomainForm } from '#components/admin/domains/new-domain-form.tsx';
import { displayDomain, parseDomainName } from '#lib/addresses/domain-name.ts';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { addDomainAction, askForDomainAction } from '../actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('panel'))('newDomain.title') };
}

export default async function NewDomain({ searchParams }: { searchParams: Promise<{ name?: string | string[] }> }) {
  await requireCustomerScope();
  const { name } = await searchParams;
  const text = await getTranslations('panel');
  return (
    <>
      <Crumbs href="/panel/domains" label={text('domains.title')} here={text('newDomain.title')} mono={false} />
      <h1 className="say">{text('newDomain.sentence')}</h1>
      <p className="lede">{text('newDomain.lede')}</p>
      <NewDomainForm action={addDomainAction} ask={askForDomainAction} name={displayDomain(parseDomainName(String(name ?? '')) ?? '')} />
    </>
  );
}
