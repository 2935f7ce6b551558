'use client';

import { useTranslations } from 'next-intl';
import Form from 'next/form';
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import type { MailboxCounts } from '#lib/provisioning/mailboxes/find-mailboxes.ts';
import { mailboxesHref, mailboxKinds, mailboxOrders, type MailboxQuery } from '#lib/provisioning/mailboxes/mailbox-query.ts';
import { Segmented } from '../../ui/segmented.tsx';

/** So many are seen at a glance, and need no field to find one. */
const fewMailboxes = 20;
/** Whoever types on is not asked for in between. */
const typingMs = 250;

interface Props {
  /** the domain whose page this is; null: of all */
  of: string | null;
  query: MailboxQuery;
  counts: MailboxCounts;
}

/** Which mailboxes the page shows, and in which order: its address says so. */
export function FindMailboxes({ of, query, counts }: Props) {
  const text = useTranslations('panel.mailboxes');
  const router = useRouter();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const kinds = mailboxKinds.filter((kind) => kind === 'all' || kind === query.show || counts[kind] > 0);
  const ask = (form: HTMLFormElement | null, waitMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => form?.requestSubmit(), waitMs);
  };
  return (
    <div className="filters">
      {kinds.length > 1 ? (
        <Segmented
          label={text('filter')}
          value={query.show}
          options={kinds.map((kind) => ({ value: kind, label: text(kind, { count: counts[kind] }) }))}
          onChange={(show) => router.replace(mailboxesHref(of, { ...query, show, page: 1 }), { scroll: false })}
        />
      ) : (
        <span />
      )}
      {counts.all + counts.deleted > fewMailboxes ? (
        <Form action="/panel/mailboxes" replace scroll={false} className="flex items-center gap-2" role="search">
          {of === null ? null : <input type="hidden" name="domain" value={of} />}
          {query.show === 'all' ? null : <input type="hidden" name="show" value={query.show} />}
          <input
            className="input"
            type="search"
            name="q"
            aria-label={text('find')}
            placeholder={text('find')}
            defaultValue={query.words}
            maxLength={254}
            onChange={(event) => ask(event.currentTarget.form, typingMs)}
          />
          <select
            className="input fit"
            name="order"
            aria-label={text('order')}
            defaultValue={query.order}
            onChange={(event) => ask(event.currentTarget.form, 0)}
          >
            {mailboxOrders.map((one) => (
              <option key={one} value={one}>
                {text(one)}
              </option>
            ))}
          </select>
        </Form>
      ) : (
        <span className="hint">{text('sorted')}</span>
      )}
    </div>
  );
}
