'use client';

import { useTranslations } from 'next-intl';
import { Button } from '#components/ui/button.tsx';

/** What nobody expected. The digest is the number that stands in the server's log. */
export default function Failure({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const text = useTranslations('common');
  return (
    <main className="alone">
      <h1 className="say">{text('failure.title')}</h1>
      <p className="lede">{text('failure.text')}</p>
      {error.digest ? <code className="mono">{error.digest}</code> : null}
      <Button onClick={reset}>{text('failure.again')}</Button>
    </main>
  );
}
