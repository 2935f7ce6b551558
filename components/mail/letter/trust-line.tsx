'use client';

import { CircleHelp, House, TriangleAlert } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import type { JunkReason } from '#lib/webmail/trust/junk-reasons.ts';
import type { Trust } from '#lib/webmail/reading/mail-message.ts';
import { Icon } from '../../ui/icon.tsx';

/** Whether the sender is who they say: what our own server checked, in one line; the results behind it. */
export function TrustLine({ trust, inJunk, children }: { trust: Trust; inJunk: boolean; children?: ReactNode }) {
  const text = useTranslations('mail.read');
  const [details, setDetails] = useState(false);
  return (
    <>
      <div className="trust">
        <Finding trust={trust} />
        {trust.replyTo ? (
          <span>
            <span>
              {text('replyElsewhere')} <span className="mono">{trust.replyTo}</span>
            </span>
          </span>
        ) : null}
        <span className="dim" aria-hidden="true">
          ·
        </span>
        <button type="button" className="link bare" aria-expanded={details} onClick={() => setDetails(!details)}>
          {text(details ? 'hideDetails' : 'details')}
        </button>
        {children}
      </div>
      {inJunk && trust.junk ? <WhyJunk reasons={trust.junk} /> : null}
      {trust.released ? (
        <p className="trust unsure">
          <Icon of={TriangleAlert} size={17} />
          {text.rich(`released.${trust.released.cause}`, { what: () => <bdi>{trust.released?.detail}</bdi> })}
        </p>
      ) : null}
      {details ? (
        <p className="trust mono dim trust-details">
          {trust.results.length > 0 ? trust.results.join(' · ') : text(trust.verdict === 'house' ? 'noResultsHouse' : 'noResults')}
        </p>
      ) : null}
    </>
  );
}

/** "Im Spam, weil …": what our filter said, in a sentence. */
function WhyJunk({ reasons }: { reasons: readonly JunkReason[] }) {
  const text = useTranslations('mail.read.junk');
  const locale = useLocale();
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const told = list.format(reasons.map(({ code, data }) => text(code, { data })));
  return <p className="trust unsure">{reasons.length === 0 ? text('inJunk') : text('because', { reasons: told })}</p>;
}

function Finding({ trust }: { trust: Trust }) {
  const text = useTranslations('mail.read');
  switch (trust.verdict) {
    case 'verified':
      return (
        <span className="ok">
          <Seal />
          {text('verified', { domain: trust.domain })}
        </span>
      );
    case 'house':
      return (
        <span className="ok">
          <Icon of={House} size={17} />
          {text('house')}
        </span>
      );
    case 'warning':
      return (
        <span className="unsure">
          <Icon of={TriangleAlert} size={17} />
          <b>{text('warning', { domain: trust.domain })}</b>
        </span>
      );
    case 'neutral':
      return (
        <span className="dim">
          <Icon of={CircleHelp} size={17} />
          {text('neutral')}
        </span>
      );
  }
}

/** The postmark, small: attested by us. */
const Seal = () => (
  <svg width="18" height="18" viewBox="0 0 18 18" fill="none" stroke="currentColor" aria-hidden="true">
    <circle cx="9" cy="9" r="7.7" strokeWidth="1.3" />
    <circle cx="9" cy="9" r="5.4" strokeWidth=".9" />
    <path d="M6.7 9.1l1.7 1.7 3-3.4" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
  </svg>
);
