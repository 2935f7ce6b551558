'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { Button, buttonClass } from '#components/ui/button.tsx';

/** A server whose database hangs instead of refusing answers late, too. */
const patienceMs = 3000;

/**
 * What nobody expected. The digest is the number that stands in the server's log. What the server knew of it does not reach the browser, so
 * it is asked whether its database is away: that passes, and no number helps with it. Until that is known nothing is said, since what is
 * read out is not taken back.
 */
export default function Failure({ error }: { error: Error & { digest?: string } }) {
  const text = useTranslations('common');
  const [isAway, setAway] = useState<boolean | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    void fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(patienceMs) })
      .then((response) => response.json())
      .then(({ reason }: { reason?: string }) => setAway(reason === 'database'))
      .catch(() => setAway(false));
  }, []);
  const title = text(isAway ? 'failure.awayTitle' : 'failure.title');
  useEffect(() => {
    if (isAway === null) return;
    // the title is still that of the page that failed, and what had the focus there is gone
    document.title = `${title} · ${text('brand')}`;
    heading.current?.focus();
  }, [isAway, title, text]);
  if (isAway === null) return <main className="alone" aria-busy="true" />;
  return (
    <main className="alone">
      <h1 className="say" ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <p className="lede">{text(isAway ? 'failure.awayText' : error.digest ? 'failure.text' : 'failure.textHere')}</p>
      {error.digest && !isAway ? <code className="mono">{error.digest}</code> : null}
      <div className="flex flex-wrap gap-3">
        {/* what failed on the server is asked for anew; the boundary's own reset would show the same answer again */}
        <Button onClick={() => window.location.reload()}>{text('failure.again')}</Button>
        {/* a document of its own: what failed here is left behind whole */}
        {isAway ? null : (
          <a className={buttonClass('quiet')} href="/">
            {text('notFound.home')}
          </a>
        )}
      </div>
    </main>
  );
}
