'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import { formatUsage } from '#lib/i18n/format-bytes.ts';
import type { MailboxCounts } from '#lib/provisioning/mailboxes/find-mailboxes.ts';
import { mailboxesAtOnce, mailboxesHref, type MailboxQuery } from '#lib/provisioning/mailboxes/mailbox-query.ts';
import type { PanelRole } from '#lib/provisioning/customers/set-role.ts';
import { Pager } from '../../ui/pager.tsx';
import type { FieldError } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useStep } from '../../ui/use-action.ts';
import { CreateMailboxForm, type CreateMailboxState } from './create-mailbox-form.tsx';
import { FindMailboxes } from './find-mailboxes.tsx';
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

interface Props {
  /** one page of those that were asked for */
  mailboxes: readonly MailboxView[];
  found: number;
  counts: MailboxCounts;
  query: MailboxQuery;
  /** the domain whose page this is; null: of all */
  of: string | null;
  domains: readonly { name: string; display: string }[];
  /** preselected domain */
  domain: string;
  defaultQuotaBytes: number;
  minimumPasswordLength: number;
  create: (state: CreateMailboxState, form: FormData) => Promise<CreateMailboxState>;
  change: (id: number, action: MailboxAction) => Promise<FieldError | null>;
}

/** Create in one line, filter, and the table with what can be done to each mailbox. */
export function MailboxBoard(props: Props) {
  const { mailboxes, found, counts, query, of, domains, domain, defaultQuotaBytes, minimumPasswordLength, create, change } = props;
  const text = useTranslations('panel');
  const locale = useLocale();
  // a row is blue until the page is left
  const [fresh, setFresh] = useState<ReadonlySet<number>>(new Set());
  const [, start] = useStep();

  /** Says what is in the way. */
  const done = async (id: number, action: MailboxAction): Promise<boolean> => {
    const error = await change(id, action);
    if (error) showToast({ text: `${error.text} ${error.code ?? ''}` });
    return error === null;
  };
  const act = ({ id, address }: MailboxView, action: MailboxAction) =>
    start(async () => {
      if (!(await done(id, action))) return;
      showToast({ text: text(`mailboxes.toast.${past[action]}`, { address }), undo: () => start(() => done(id, opposite[action])) });
    });

  const { used, total } = formatUsage(locale, counts.usedBytes, counts.quotaBytes);
  const pages = Math.ceil(found / mailboxesAtOnce);
  return (
    <>
      <h1 className="say-s">
        {counts.all === 0 ? text('mailboxes.none') : text('mailboxes.sentence', { count: counts.all, used, total, full: counts.full })}
      </h1>
      <CreateMailboxForm
        domains={domains}
        domain={domain}
        defaultQuotaBytes={defaultQuotaBytes}
        minimumPasswordLength={minimumPasswordLength}
        action={create}
        onCreated={(id) => setFresh((ids) => new Set([...ids, id]))}
      />
      {counts.all + counts.deleted > 0 ? (
        <>
          <FindMailboxes of={of} query={query} counts={counts} />
          {mailboxes.length === 0 ? (
            <p className="hint">{text('mailboxes.notFound')}</p>
          ) : (
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
                  {mailboxes.map((mailbox) => (
                    <MailboxRow key={mailbox.id} mailbox={mailbox} fresh={fresh.has(mailbox.id)} act={act} />
                  ))}
                </tbody>
              </table>
            </div>
          )}
          <Pager page={query.page} pages={pages} href={(page) => mailboxesHref(of, { ...query, page })} />
          <p className="hint footnote">{text('mailboxes.footnote')}</p>
        </>
      ) : null}
    </>
  );
}
