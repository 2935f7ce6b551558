'use client';

import { ArrowRight, Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { NextStep } from '#lib/dns/domain-state.ts';
import { Button, ButtonLink, buttonClass } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { DomainView } from './domain-board.tsx';
import { shorten } from '../shorten.ts';
import { Slip } from '../slip.tsx';

interface Props {
  step: NextStep;
  domain: DomainView;
  /** what to enter instead of the general value */
  suggestion: string | undefined;
  /** mail arrives here already */
  receives: boolean;
  busy: boolean;
  onCheck: () => void;
}

/** The sheet with the yellow edge: one thing to do, why, and the only yellow button of the page. */
export function NextStepSheet({ step, domain, suggestion, receives, busy, onCheck }: Props) {
  const text = useTranslations('panel');
  const records = step === 'mailboxes' ? [] : domain.expected[step];
  return (
    <section className="sheet next" aria-labelledby="next-step">
      <h2 className="h" id="next-step">
        {text('domain.next.heading', { step: text(`domain.next.${step}`) })}
      </h2>
      <p className="why">
        {text(step === 'mailboxes' && receives ? 'domain.next.mailboxesHereWhy' : `domain.next.${step}Why`, { domain: domain.display })}
      </p>
      {records.map((record) => {
        const value = step === 'spf' ? (suggestion ?? record.value) : record.value;
        const name = record.label;
        return (
          <Slip
            key={record.name}
            lines={[
              { label: text('domain.recordName'), value: name, copy: name },
              { label: text('domain.recordType'), value: record.type },
              { label: text('domain.recordValue'), value: shorten(value), copy: value },
            ]}
          />
        );
      })}
      {records.length > 0 ? (
        <p className="hint">
          {text('domain.next.nameHint', { domain: domain.zone })}
          {records.some(({ value }) => shorten(value) !== value) ? ` ${text('domain.next.shortened')}` : ''}
        </p>
      ) : null}
      <div className="acts">
        {step === 'mailboxes' ? (
          <ButtonLink kind="primary" href={`/panel/mailboxes?domain=${domain.name}`}>
            {text('domain.next.createMailbox')}
            <Icon of={ArrowRight} size={16} />
          </ButtonLink>
        ) : (
          <Button kind="primary" busy={busy} onClick={onCheck}>
            {busy ? text('domain.next.checking') : text('domain.next.check')}
          </Button>
        )}
        <a className={buttonClass()} href={`/panel/domains/${domain.name}/zone`} download>
          <Icon of={Download} size={16} />
          {text('domain.next.zone')}
        </a>
      </div>
    </section>
  );
}
