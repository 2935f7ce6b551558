'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Button } from '#components/ui/button.tsx';

/**
 * What nobody expected. The digest is the number that stands in the server's log. What the server knew of it does not reach the browser, so
 * it is asked whether its database is away: that passes, and no number helps with it.
 */
export default function Failure({ error }: { error: Error & { digest?: string } }) {
  const text = useTranslations('common.failure');
  const [isAway, setAway] = useState(false);
  useEffect(() => {
    void fetch('/healthz', { cache: 'no-store' })
      .then((response) => response.json())
      .then(({ reason }: { reason?: string }) => setAway(reason === 'database'))
      .catch(() => undefined);
  }, []);
  return (
    <main className="alone">
      <h1 className="say">{text(isAway ? 'awayTitle' : 'title')}</h1>
      <p className="lede">{text(isAway ? 'awayText' : 'text')}</p>
      {error.digest && !isAway ? <code className="mono">{error.digest}</code> : null}
      {/* what failed on the server is asked for anew; the boundary's own reset would show the same answer again */}
      <Button onClick={() => window.location.reload()}>{text('again')}</Button>
    </main>
  );
}
