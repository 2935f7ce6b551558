import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { languageOf } from '#lib/i18n/locales.ts';
import { setPreference } from '#lib/i18n/preferences.ts';
import { BrandMark } from '../ui/brand.tsx';
import { FrankingStamp } from './franking-stamp.tsx';
import { FreshDocument } from './fresh-document.tsx';

interface Props {
  greeting: string;
  lede: string;
  /** Bottom left, from 720 px on. */
  note?: ReactNode;
  /** The form on the right half of the card. */
  children: ReactNode;
}

/** The card of sign-in and sign-up: a postcard with text on the left, the franked address side on the right. */
export function Door({ greeting, lede, note, children }: Props) {
  const common = useTranslations('common');
  const text = useTranslations('auth');
  const other = languageOf(useLocale()) === 'de' ? 'en' : 'de';
  return (
    <div className="door">
      <FreshDocument />
      <header className="flex items-center">
        <Link className="brand" href="/">
          <BrandMark />
          <span>{common('brand')}</span>
        </Link>
        <span className="grow" />
        <form action={setPreference.bind(null, 'locale', other)}>
          <button className="link" type="submit" lang={other}>
            {text('otherLanguage')}
          </button>
        </form>
      </header>
      <main className="card" id="inhalt">
        <section className="greet">
          <h1 className="say" style={{ maxWidth: '14ch' }}>
            {greeting}
          </h1>
          <p className="lede" style={{ maxWidth: '34ch' }}>
            {lede}
          </p>
          {note ? <div className="note only-wide">{note}</div> : null}
        </section>
        <div className="form">
          <div className="frank">
            <FrankingStamp />
          </div>
          {children}
        </div>
      </main>
      <footer className="doorfoot">
        <Link className="link" href="/help">
          {common('help')}
        </Link>
      </footer>
    </div>
  );
}
