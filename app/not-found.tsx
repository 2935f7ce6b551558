import type { Metadata } from 'next';
import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { BrandMark } from '#components/ui/brand.tsx';
import { buttonClass } from '#components/ui/button.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('common'))('notFound.title') };
}

export default async function NotFound() {
  const text = await getTranslations('common');
  return (
    <main className="alone">
      <BrandMark size={36} />
      <h1 className="say">{text('notFound.title')}</h1>
      <p className="lede">{text('notFound.text')}</p>
      <Link className={buttonClass()} href="/">
        {text('notFound.home')}
      </Link>
    </main>
  );
}
