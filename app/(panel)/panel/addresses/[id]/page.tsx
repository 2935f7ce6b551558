import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { getFormatter, getTimeZone, getTranslations } from 'next-intl/server';
import { AddressForm } from '#components/admin/addresses/address-form.tsx';
import { Crumbs } from '#components/admin/crumbs.tsx';
import { RemoveAddress } from '#components/admin/addresses/remove-address.tsx';
import { SenderList } from '#components/admin/addresses/sender-list.tsx';
import { TargetList } from '#components/admin/addresses/target-list.tsx';
import { displayDomain } from '#lib/addresses/domain-name.ts';
import { displayAddress, domainOf, localPartOf, type EmailAddress } from '#lib/addresses/email-address.ts';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { listMailboxes } from '#lib/provisioning/mailboxes/list-mailboxes.ts';
import { readAddress } from '#lib/provisioning/addresses/list-addresses.ts';
import { parseId } from '#lib/provisioning/parse-id.ts';
import { lastDayOf } from '../../../expiry-day.ts';
import { removeAndLeaveAction, resumeTargetAction, saveAddressAction, setSendAsAction } from '../actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('panel'))('addresses.title') };
}

export default async function AddressPage({ params }: { params: Promise<{ id: string }> }) {
  const { scope } = await requireCustomerScope();
  const id = parseId((await params).id);
  const entry = id === null ? null : await readAddress(database(), scope, id);
  if (!entry) notFound();
  const text = await getTranslations('panel.addresses');
  const format = await getFormatter();
  const name = domainOf(entry.address as EmailAddress);
  const isCatchAll = entry.kind === 'catch_all';
  const display = isCatchAll ? text('catchAllOf', { domain: displayDomain(name) }) : displayAddress(entry.address);
  const mailboxes = isCatchAll ? [] : await listMailboxes(database(), scope);
  return (
    <>
      <Crumbs href="/panel/addresses" label={text('title')} here={display} />
      <h1 className="say-s mono">{display}</h1>
      <p className="lede">
        {text(`kinds.${entry.kind}`)}. {text(`about.${entry.kind}`)}
      </p>
      <div className="two mt-2">
        <div>
          <section className="sheet block-sheet" aria-labelledby="details">
            <h2 className="h" id="details">
              {text('details')}
            </h2>
            <AddressForm
              kind={entry.kind}
              domains={[]}
              given={{
                localPart: isCatchAll ? '' : localPartOf(entry.address as EmailAddress),
                domain: name,
                targets: entry.targets.map(({ address }) => address),
                note: entry.note,
                expires: entry.expiresAt ? lastDayOf(entry.expiresAt, await getTimeZone()) : '',
                group: entry.group,
              }}
              action={saveAddressAction}
            />
          </section>
          <section className="sheet block-sheet" aria-labelledby="targets">
            <h2 className="h" id="targets">
              {text(entry.kind === 'group' ? 'members' : 'targetsTitle')}
            </h2>
            <TargetList
              targets={entry.targets.map(({ address, isMailbox, isDeleted, pausedAt, pauseReason }) => ({
                address,
                display: displayAddress(address),
                what: isDeleted ? 'deleted' : isMailbox ? 'mailbox' : 'outside',
                paused: pausedAt && { date: format.dateTime(pausedAt, { dateStyle: 'medium' }), reason: pauseReason ?? '' },
              }))}
              resume={resumeTargetAction.bind(null, entry.address)}
            />
          </section>
        </div>
        <aside className="glance">
          <section>
            <p>
              {isCatchAll ? null : (
                <Link className="link" href={`/panel/addresses/map?address=${encodeURIComponent(entry.address)}`}>
                  {text('showMap')}
                </Link>
              )}
            </p>
          </section>
          {isCatchAll ? null : (
            <section aria-labelledby="senders">
              <h2 className="h" id="senders">
                {text('senders')}
              </h2>
              <p className="hint">{text('sendersText', { address: display })}</p>
              <SenderList
                senders={entry.senders.map(({ mailboxId, mailbox, onBehalf }) => ({
                  id: mailboxId,
                  display: displayAddress(mailbox),
                  onBehalf,
                }))}
                mailboxes={mailboxes
                  .filter(({ status }) => status !== 'deleted')
                  .map((mailbox) => ({ id: mailbox.id, display: displayAddress(mailbox.address) }))}
                action={setSendAsAction.bind(null, entry.address)}
              />
            </section>
          )}
          <section>
            <RemoveAddress display={display} isCatchAll={isCatchAll} remove={removeAndLeaveAction.bind(null, entry.address)} />
          </section>
        </aside>
      </div>
    </>
  );
}
