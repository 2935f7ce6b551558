import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { Crumbs } from '#components/admin/crumbs.tsx';
import { MailboxBoard } from '#components/admin/mailboxes/mailbox-board.tsx';
import { NoDomain } from '#components/admin/no-domain.tsx';
import { displayDomain, parseDomainName } from '#lib/addresses/domain-name.ts';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { minimumPasswordLength } from '#lib/auth/check-new-password.ts';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { installation } from '#lib/config/installation.ts';
import { database } from '#lib/db/prisma.ts';
import { listDomains } from '#lib/provisioning/domains/list-domains.ts';
import { findMailboxes } from '#lib/provisioning/mailboxes/find-mailboxes.ts';
import { mailboxesHref, parseMailboxQuery } from '#lib/provisioning/mailboxes/mailbox-query.ts';
import { changeMailboxAction, createMailboxAction } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('panel'))('mailboxes.title') };
}

export default async function Mailboxes({ searchParams }: { searchParams: Promise<Partial<Record<string, string | string[]>>> }) {
  const { scope } = await requireCustomerScope();
  const text = await getTranslations('panel');
  const given = await searchParams;
  const wanted = given['domain'];
  const all = await listDomains(database(), scope);
  if (all.length === 0) return <NoDomain />;
  const name = typeof wanted === 'string' ? parseDomainName(wanted) : null;
  const domain = all.find((candidate) => candidate.name === name)?.name ?? null;
  const query = parseMailboxQuery(given);
  const { mailboxes, found, counts } = await findMailboxes(database(), scope, domain, query);
  // the last of a page has gone
  if (mailboxes.length === 0 && query.page > 1) redirect(mailboxesHref(domain, { ...query, page: 1 }));
  const domains = all.map((one) => ({ name: one.name, display: displayDomain(one.name) }));
  return (
    <>
      {domain ? <Crumbs href="/panel/mailboxes" label={text('mailboxes.title')} here={displayDomain(domain)} /> : null}
      <MailboxBoard
        key={domain}
        mailboxes={mailboxes.map(({ lastLoginAt, purgeAfter, createdAt: _, ...mailbox }) => ({
          ...mailbox,
          address: displayAddress(mailbox.address),
          domain: displayDomain(mailbox.domain),
          lastLoginAt: lastLoginAt?.getTime() ?? null,
          purgeAfter: purgeAfter?.getTime() ?? null,
        }))}
        found={found}
        counts={counts}
        query={query}
        of={domain}
        domains={domain ? domains.filter((one) => one.name === domain) : domains}
        domain={domain ?? mailboxes[0]?.domain ?? domains[0]?.name ?? ''}
        defaultQuotaBytes={installation().defaultQuotaBytes}
        minimumPasswordLength={minimumPasswordLength}
        create={createMailboxAction}
        change={changeMailboxAction}
      />
    </>
  );
}
