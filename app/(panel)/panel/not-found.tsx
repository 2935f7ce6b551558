import type { Metadata } from 'next';
import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { buttonClass } from '#components/ui/button.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('common'))('notFound.title') };
}

/** Inside the frame: unknown, and another customer's, look the same. */
export default async function PanelNotFound() {
  const text = await getTranslations('common');
  return (
    <>
      <h1 className="say">{text('notFound.title')}</h1>
      <p className="lede">{text('notFound.text')}</p>
      <p className="mt-6">
        <Link className={buttonClass()} href="/panel">
          {text('notFound.home')}
        </Link>
      </p>
    </>
  );
}
