import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { FilterBoard } from '#components/mail/settings/filter-board.tsx';
import { requireMailbox } from '#lib/auth/session.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('rules.filters'))('title') };
}

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** What becomes of letters by themselves. `from`: somebody whose letters shall be filtered, asked for beside one of them. */
export default async function FiltersPage({ searchParams }: Props) {
  const { address } = await requireMailbox();
  const text = await getTranslations('rules.filters');
  const { from } = await searchParams;
  return (
    <>
      <h1 className="say-s">{text('sentence')}</h1>
      <p className="lede">{text('lede')}</p>
      <FilterBoard address={address} like={typeof from === 'string' ? from.slice(0, 300) : ''} />
    </>
  );
}
