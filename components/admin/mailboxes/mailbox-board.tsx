'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import { formatUsage } from '#lib/i18n/format-bytes.ts';
import type { PanelRole } from '#lib/provisioning/customers/set-role.ts';
import { Button } from '../../ui/button.tsx';
import type { FieldError } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useStep } from '../../ui/use-action.ts';
import { CreateMailboxForm, type CreateMailboxState } from './create-mailbox-form.tsx';
import { findMailboxes, type Order, orders } from './find-mailboxes.ts';
import { opposite, past, type MailboxAction } from './mailbox-action.ts';
import { MailboxRow } from './mailbox-row.tsx';

export interface MailboxView {
  id: number;
  address: string;
  localPart: string;
  /** as people read it */
  domain: string;
  name: string;
  status: 'active' | 'suspended' | 'deleted';
  usedBytes: number;
  quotaBytes: number;
  /** milliseconds since 1970 */
  lastLoginAt: number | null;
  purgeAfter: number | null;
  aliases: number;
  role: PanelRole;
}

/** So many rows are on the page at once, and as many more each time they are asked for; few mailboxes need no field to find one. */
const rowsAtOnce = 100;
const fewMailboxes = 20;

type Filter = 'all' | 'attention' | 'suspended' | 'deleted';

interface Props {
  mailboxes: readonly MailboxView[];
  domains: readonly { name: string; display: string }[];
  /** preselected domain */
  domain: string;
  defaultQuotaBytes: number;
  minimumPasswordLength: number;
  create: (state: CreateMailboxState, form: FormData) => Promise<CreateMailboxState>;
  change: (id: number, action: MailboxAction) => Promise<FieldError | null>;
}

const belongs: Record<Filter, (mailbox: MailboxView) => boolean> = {
  all: ({ status }) => status !== 'deleted',
  attention: ({ status, usedBytes, quotaBytes }) => status !== 'deleted' && (status === 'suspended' || usedBytes >= quotaBytes * 0.8),
  suspended: ({ status }) => status === 'suspended',
  deleted: ({ status }) => status === 'deleted',
};

/** Create in one line, filter, and the table with what can be done to each mailbox. */
export function MailboxBoard({ mailboxes, domains, domain, defaultQuotaBytes, minimumPasswordLength, create, change }: Props) {
  const text = useTranslations('panel');
  const locale = useLocale();
  const [filter, setFilter] = useState<Filter>('all');
  const [typed, setTyped] = useState('');
  const [order, setOrder] = useState<Order>('newest');
  const [rows, setRows] = useState(rowsAtOnce);
  // a row is blue until the page is left
  const [fresh, setFresh] = useState<ReadonlySet<number>>(new Set());
  const [, start] = useStep();

  const act = (mailbox: MailboxView, action: MailboxAction) =>
    start(async () => {
      const error = await change(mailbox.id, action);
      if (error) {
        showToast({ text: `${error.text} ${error.code ?? ''}` });
        return;
      }
      showToast({
        text: text(`mailboxes.toast.${past[action]}`, { address: mailbox.address }),
        undo: () => start(async () => void (await change(mailbox.id, opposite[action]))),
      });
    });

  const count = (kind: Filter) => mailboxes.filter(belongs[kind]).length;
  const kept = mailboxes.filter(belongs.all);
  const sum = (key: 'usedBytes' | 'quotaBytes') => kept.reduce((total, mailbox) => total + mailbox[key], 0);
  const { used, total } = formatUsage(locale, sum('usedBytes'), sum('quotaBytes'));
  const filters = (['all', 'attention', 'suspended', 'deleted'] as const).filter((kind) => kind === 'all' || count(kind) > 0);
  const chosen = filters.includes(filter) ? filter : 'all';
  const found = findMailboxes(mailboxes.filter(belongs[chosen]), typed, order);
  const shown = found.slice(0, rows);
  return (
    <>
      <h1 className="say-s">
        {kept.length === 0
          ? text('mailboxes.none')
          : text('mailboxes.sentence', {
              count: kept.length,
              used,
              total,
              full: kept.filter(({ usedBytes, quotaBytes }) => usedBytes >= quotaBytes).length,
            })}
      </h1>
      <CreateMailboxForm
        domains={domains}
        domain={domain}
        defaultQuotaBytes={defaultQuotaBytes}
        minimumPasswordLength={minimumPasswordLength}
        action={create}
        onCreated={(id) => setFresh((ids) => new Set([...ids, id]))}
      />
      {mailboxes.length > 0 ? (
        <>
          <div className="filters">
            {filters.length > 1 ? (
              <Segmented
                label={text('mailboxes.filter')}
                value={chosen}
                options={filters.map((kind) => ({ value: kind, label: text(`mailboxes.${kind}`, { count: count(kind) }) }))}
                onChange={setFilter}
              />
            ) : (
              <span />
            )}
            {mailboxes.length > fewMailboxes ? (
              <span className="flex items-center gap-2">
                <input
                  className="input"
                  type="search"
                  aria-label={text('mailboxes.find')}
                  placeholder={text('mailboxes.find')}
                  value={typed}
                  onChange={(event) => setTyped(event.target.value)}
                />
                <select
                  className="input fit"
                  aria-label={text('mailboxes.order')}
                  value={order}
                  onChange={(event) => setOrder(orders.find((one) => one === event.target.value) ?? 'newest')}
                >
                  {orders.map((one) => (
                    <option key={one} value={one}>
                      {text(`mailboxes.${one}`)}
                    </option>
                  ))}
                </select>
              </span>
            ) : (
              <span className="hint">{text('mailboxes.sorted')}</span>
            )}
          </div>
          {found.length === 0 && typed !== '' ? <p className="hint">{text('mailboxes.notFound')}</p> : null}
          <div className="sheet tablebox">
            <table className="mails">
              <caption className="vh">{text('mailboxes.title')}</caption>
              <thead>
                <tr>
                  <th scope="col">{text('mailboxes.address')}</th>
                  <th scope="col" style={{ width: '13.5rem' }}>
                    {text('mailboxes.space')}
                  </th>
                  <th scope="col">{text('mailboxes.lastLogin')}</th>
                  <th scope="col">{text('mailboxes.special')}</th>
                  <th scope="col">
                    <span className="vh">{text('mailboxes.actions')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {shown.map((mailbox) => (
                  <MailboxRow key={mailbox.id} mailbox={mailbox} fresh={fresh.has(mailbox.id)} act={act} />
                ))}
              </tbody>
            </table>
          </div>
          {found.length > shown.length ? (
            <p className="mt-4">
              <Button onClick={() => setRows(rows + rowsAtOnce)}>
                {text('mailboxes.more', { count: Math.min(rowsAtOnce, found.length - shown.length), left: found.length - shown.length })}
              </Button>
            </p>
          ) : null}
          <p className="hint footnote">{text('mailboxes.footnote')}</p>
        </>
      ) : null}
    </>
  );
}
