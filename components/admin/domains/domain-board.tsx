'use client';

import { RefreshCw } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { unstable_rethrow, useRouter } from 'next/navigation';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { DnsReport } from '#lib/dns/record-finding.ts';
import { domainState, recordKinds, worstFirst } from '#lib/dns/domain-state.ts';
import type { ExpectedRecords } from '#lib/dns/expected-records.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Postmark } from '../../ui/postmark.tsx';
import { useStep } from '../../ui/use-action.ts';
import { NextStepSheet } from './next-step-sheet.tsx';
import { RecordCard } from './record-card.tsx';

export interface CheckView {
  report: DnsReport;
  /** milliseconds since 1970 */
  checkedAt: number;
  verifiedAt: number | null;
}

export interface DomainView {
  /** A-label, for links and actions */
  name: string;
  /** as people read it */
  display: string;
  /** the zone that names are written for, as people read it */
  zone: string;
  expected: ExpectedRecords;
  mailboxes: number;
  checked: CheckView | null;
  verifiedAt: number | null;
}

const everyMs = 60_000;

/** Sentence, next step and all records of a domain; looks again when the page opens, each minute, and by button. */
export function DomainBoard({ domain, check }: { domain: DomainView; check: (name: string) => Promise<CheckView | null> }) {
  const text = useTranslations('panel');
  const failure = useTranslations('common.failure');
  const format = useFormatter();
  const [failed, setFailed] = useState(false);
  const [checked, setChecked] = useState(domain.checked);
  const [busy, start] = useStep();
  const running = useRef(false);
  const router = useRouter();
  const shownRemark = domain.checked?.report.dkim.remark;
  const look = useCallback(() => {
    if (running.current || document.hidden) return;
    running.current = true;
    start(async () => {
      try {
        const fresh = await check(domain.name);
        setFailed(false);
        if (fresh) setChecked(fresh);
        // what stands beside it comes with the page
        if (fresh && (fresh.verifiedAt !== domain.verifiedAt || fresh.report.dkim.remark !== shownRemark)) router.refresh();
      } catch (error) {
        // Next leads elsewhere by throwing
        unstable_rethrow(error);
        // It asks by itself: what it says takes the place of no message that somebody may still want to undo.
        setFailed(true);
      } finally {
        running.current = false;
      }
    });
  }, [check, domain.name, domain.verifiedAt, shownRemark, router, start]);
  useEffect(() => {
    look();
    const timer = setInterval(look, everyMs);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [look]);

  const verifiedAt = checked?.verifiedAt ?? domain.verifiedAt;
  const report = checked?.report ?? null;
  const state = domainState(report, { verified: verifiedAt !== null, mailboxes: domain.mailboxes });
  const name = { domain: domain.display, count: state.open };
  return (
    <>
      <div role="status">
        <h1 className="say">{text(`domain.sentence.${state.sentence}`, name)}</h1>
        <p className="lede">{text(`domain.lede.${state.sentence}`)}</p>
      </div>
      {state.sentence === 'ready' && checked ? (
        <div className="stamped">
          <Postmark
            place={`POSTAMT · ${domain.display.toUpperCase()}`}
            what={text('domain.postmark')}
            date={format.dateTime(checked.checkedAt, { day: '2-digit', month: '2-digit', year: '2-digit' })}
            time={format.dateTime(checked.checkedAt, { hour: '2-digit', minute: '2-digit' })}
          />
        </div>
      ) : null}
      {state.next ? (
        <NextStepSheet
          step={state.next}
          domain={domain}
          suggestion={report?.spf.suggestion}
          receives={report?.mx.state === 'right'}
          busy={busy}
          onCheck={look}
        />
      ) : null}
      <section aria-labelledby="all-records" className="records">
        <div className="sec" style={{ marginBottom: '4px' }}>
          <h2 className="h" id="all-records">
            {text('domain.records')}
          </h2>
          <Button small icon={<Icon of={RefreshCw} size={15} />} busy={busy} onClick={look}>
            {busy ? text('domain.next.checking') : text('domain.next.check')}
          </Button>
        </div>
        <p className="hint" style={{ marginBottom: '12px' }}>
          {/* the time beside it is another one each minute, which nobody wants to be told */}
          <span role="status">{failed ? `${failure('action', { number: '' }).trim()} ` : ''}</span>
          {checked
            ? text('domain.checkedAt', {
                time: format.dateTime(checked.checkedAt, { hour: 'numeric', minute: '2-digit', second: '2-digit' }),
              })
            : text('domain.neverChecked')}
        </p>
        <ul className="sheet">
          {(report ? worstFirst(report) : recordKinds).map((kind) => (
            <RecordCard
              key={kind}
              kind={kind}
              finding={report?.[kind] ?? null}
              brief={kind === state.next}
              expected={domain.expected[kind]}
            />
          ))}
        </ul>
      </section>
    </>
  );
}
