import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { FilterBoard } from '#components/mail/settings/filter-board.tsx';
import { requireMailboxScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { readDeliverySettings } from '#lib/provisioning/rules/read-delivery-settings.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('rules.filters'))('title') };
}

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** What becomes of letters by themselves. `from`: somebody whose letters shall be filtered, asked for beside one of them. */
export default async function FiltersPage({ searchParams }: Props) {
  const { scope, mailbox } = await requireMailboxScope();
  const text = await getTranslations('rules');
  const { from } = await searchParams;
  const settings = await readDeliverySettings(database(), scope, scope.mailboxId);
  return (
    <>
      <h1 className="say-s">{text('filters.sentence')}</h1>
      <p className="lede">{text('filters.lede')}</p>
      {settings?.forwardsOutside === false ? <p className="hint mb-4">{text('forward.insideOnly')}</p> : null}
      <FilterBoard address={mailbox.address} like={typeof from === 'string' ? from.slice(0, 300) : ''} />
    </>
  );
}
