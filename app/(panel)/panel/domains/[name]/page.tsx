import { Clock } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getFormatter, getTranslations } from 'next-intl/server';
import { Crumbs } from '#components/admin/crumbs.tsx';
import { DomainAside } from '#components/admin/domains/domain-aside.tsx';
import { DomainAliasForm } from '#components/admin/domains/domain-alias-form.tsx';
import { DomainKeys } from '#components/admin/domains/domain-keys.tsx';
import { DomainBoard } from '#components/admin/domains/domain-board.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { displayDomain } from '#lib/addresses/domain-name.ts';
import { zoneOf } from '#lib/dns/name-in-zone.ts';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { renewal } from '#lib/dkim/plan-keys.ts';
import { plannedKeys } from '#lib/dns/dkim-facts.ts';
import { expectedRecords } from '#lib/dns/expected-records.ts';
import { installationHost } from '#lib/dns/installation-host.ts';
import { listDomains, readDomain } from '#lib/provisioning/domains/list-domains.ts';
import { checkDomainAction, removeDomainAction, renewDkimKeysAction, setDomainAliasAction } from '../actions.ts';
import { domainFromPath } from './domain-from-path.ts';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const name = await domainFromPath(params);
  return { title: name ? displayDomain(name) : '' };
}

export default async function DomainPage({ params }: Props) {
  const { scope } = await requireCustomerScope();
  const name = await domainFromPath(params);
  const domain = name && (await readDomain(database(), scope, name));
  if (!domain) notFound();
  const others = (await listDomains(database(), scope)).filter(({ name: other, aliasOf }) => other !== name && aliasOf === null);
  const text = await getTranslations('panel');
  const format = await getFormatter();
  const host = installationHost();
  const isRenewable = renewal(plannedKeys(domain.dkimKeys), host.dkimZone !== null) !== null;
  const display = displayDomain(domain.name);
  const verifiedAt = domain.verifiedAt?.getTime() ?? null;
  const checked = domain.report && domain.checkedAt ? { report: domain.report, checkedAt: domain.checkedAt.getTime(), verifiedAt } : null;
  return (
    <>
      <Crumbs href="/panel/domains" label={text('domains.title')} here={display} />
      <div className="two">
        <div>
          {domain.displacedFrom ? (
            <p className="notice warn mb-4">
              <Icon of={Clock} />
              {text('domain.displaced', { name: displayDomain(domain.displacedFrom) })}
            </p>
          ) : null}
          {domain.expiresAt ? (
            <p className="notice warn mb-4">
              <Icon of={Clock} />
              {text('domain.expires', { date: format.dateTime(domain.expiresAt, { dateStyle: 'long' }) })}
            </p>
          ) : null}
          <DomainBoard
            domain={{
              name: domain.name,
              display,
              zone: displayDomain(zoneOf(domain.name)),
              expected: expectedRecords(domain, host),
              mailboxes: domain.mailboxes,
              checked,
              verifiedAt,
            }}
            check={checkDomainAction}
          />
        </div>
        <DomainAside
          name={domain.name}
          display={display}
          mailboxes={domain.mailboxes}
          aliases={domain.aliases}
          verifiedAt={verifiedAt}
          createdAt={domain.createdAt.getTime()}
          remove={removeDomainAction}
          keys={
            <DomainKeys
              keys={domain.dkimKeys.map(({ selector, algorithm, use, seen }) => ({ selector, algorithm, use, seen }))}
              madeAt={domain.dkimMadeAt.getTime()}
              byCname={host.dkimZone !== null}
              renew={isRenewable ? renewDkimKeysAction.bind(null, domain.name) : null}
            />
          }
          alias={
            <DomainAliasForm
              aliasOf={domain.aliasOf ?? ''}
              domains={others.map((other) => ({ name: other.name, display: displayDomain(other.name) }))}
              action={setDomainAliasAction.bind(null, domain.name)}
            />
          }
        />
      </div>
    </>
  );
}
