import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Crumbs } from '#components/admin/crumbs.tsx';
import { NewDomainForm } from '#components/admin/new-domain-form.tsx';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { addDomainAction } from '../actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('panel'))('newDomain.title') };
}

export default async function NewDomain() {
  await requireCustomerScope();
  const text = await getTranslations('panel');
  return (
    <>
      <Crumbs href="/panel/domains" label={text('domains.title')} here={text('newDomain.title')} mono={false} />
      <h1 className="say">{text('newDomain.sentence')}</h1>
      <p className="lede">{text('newDomain.lede')}</p>
      <NewDomainForm action={addDomainAction} />
    </>
  );
}
