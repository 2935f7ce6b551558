import { Lock, Trash2 } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { getFormatter, getLocale, getTranslations } from 'next-intl/server';
import { AliasList } from '#components/admin/mailboxes/alias-list.tsx';
import { AppPasswords } from '#components/admin/account/app-passwords.tsx';
import { Crumbs } from '#components/admin/crumbs.tsx';
import { HeldSending } from '#components/admin/held-sending.tsx';
import { MailboxDetailsForm } from '#components/admin/mailboxes/mailbox-details-form.tsx';
import { MailboxStateButtons } from '#components/admin/mailboxes/mailbox-state.tsx';
import { PasswordForm } from '#components/admin/account/password-form.tsx';
import { RoleForm } from '#components/admin/mailboxes/role-form.tsx';
import { SpamFilterForm } from '#components/admin/spam-filter-form.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { UsageBar } from '#components/ui/usage-bar.tsx';
import { displayDomain } from '#lib/addresses/domain-name.ts';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { minimumPasswordLength } from '#lib/auth/check-new-password.ts';
import { requireCustomerScope, requireSession } from '#lib/auth/session.ts';
import { hasProof } from '#lib/auth/web-session/consume-proof.ts';
import { database } from '#lib/db/prisma.ts';
import { formatUsage } from '#lib/i18n/format-bytes.ts';
import { listDomains } from '#lib/provisioning/domains/list-domains.ts';
import { readMailbox } from '#lib/provisioning/mailboxes/list-mailboxes.ts';
import { parseId } from '#lib/provisioning/parse-id.ts';
import { changeMailboxAction, purgeMailboxAction } from '../actions.ts';
import { MailboxRules } from './mailbox-rules.tsx';
import {
  addAliasAction,
  createAppPasswordAction,
  removeAliasAction,
  revokeAppPasswordAction,
  saveDetailsAction,
  releaseSendingAction,
  setPasswordAction,
  setRoleAction,
  setSpamFilterAction,
} from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('panel'))('mailboxes.title') };
}

export default async function MailboxPage({ params }: { params: Promise<{ id: string }> }) {
  const { scope, person } = await requireCustomerScope();
  const id = parseId((await params).id);
  const mailbox = id === null ? null : await readMailbox(database(), scope, id);
  if (!mailbox) notFound();
  const text = await getTranslations('panel');
  const format = await getFormatter();
  const domains = await listDomains(database(), scope);
  const address = displayAddress(mailbox.address);
  const { used, total } = formatUsage(await getLocale(), mailbox.usedBytes, mailbox.quotaBytes);
  // an owner's sign-in is an owner's business
  const aboveMe = mailbox.role === 'owner' && person.role !== 'owner';
  const session = await requireSession();
  const askPassword = !(await hasProof(database(), session.sessionId));
  const deleted = mailbox.status === 'deleted';
  const date = (at: Date) => format.dateTime(at, { dateStyle: 'long' });
  const change = changeMailboxAction.bind(null, mailbox.id);
  return (
    <>
      <Crumbs href="/panel/mailboxes" label={text('mailboxes.title')} here={address} />
      <h1 className="say-s">{text('mailbox.sentence', { address, used, total })}</h1>
      {mailbox.status === 'suspended' ? (
        <p className="notice warn mt-4">
          <Icon of={Lock} />
          {text('mailbox.suspended')}
        </p>
      ) : null}
      {mailbox.sendingHeld && !deleted ? (
        <HeldSending reason={mailbox.sendingHeld} release={releaseSendingAction.bind(null, mailbox.id)} />
      ) : null}
      {deleted && mailbox.purgeAfter ? (
        <p className="notice bad mt-4">
          <Icon of={Trash2} />
          {text('mailbox.deleted', { date: date(mailbox.purgeAfter) })}
        </p>
      ) : null}
      <div className="two mt-2">
        <div>
          {deleted ? null : (
            <>
              <section className="sheet block-sheet" aria-labelledby="details">
                <h2 className="h" id="details">
                  {text('mailbox.details')}
                </h2>
                <MailboxDetailsForm name={mailbox.name} quotaBytes={mailbox.quotaBytes} action={saveDetailsAction.bind(null, mailbox.id)} />
              </section>
              <section className="sheet block-sheet" aria-labelledby="aliases">
                <h2 className="h" id="aliases">
                  {text('mailbox.aliases')}
                </h2>
                <p className="mid">{text('mailbox.aliasText', { address })}</p>
                <AliasList
                  aliases={mailbox.aliasAddresses.map((alias) => ({ address: alias, display: displayAddress(alias) }))}
                  domains={domains.map(({ name }) => ({ name, display: displayDomain(name) }))}
                  domain={mailbox.domain}
                  add={addAliasAction.bind(null, mailbox.id)}
                  remove={removeAliasAction.bind(null, mailbox.id)}
                />
              </section>
              {aboveMe ? null : <MailboxRules scope={scope} mailbox={mailbox} />}
              {aboveMe ? (
                <p className="hint mt-5">{text('role.ownersOnly')}</p>
              ) : (
                <>
                  <section className="sheet block-sheet" aria-labelledby="devices">
                    <h2 className="h" id="devices">
                      {text('mailbox.devices')}
                    </h2>
                    <p className="mid">{text('mailbox.devicesText')}</p>
                    <AppPasswords
                      passwords={mailbox.appPasswords.map(({ createdAt, lastUsedAt, ...password }) => ({
                        ...password,
                        createdAt: createdAt.getTime(),
                        lastUsedAt: lastUsedAt?.getTime() ?? null,
                      }))}
                      create={createAppPasswordAction.bind(null, mailbox.id)}
                      askPassword={askPassword}
                      login={session.address}
                      revoke={revokeAppPasswordAction.bind(null, mailbox.id)}
                    />
                  </section>
                  <section className="sheet block-sheet" aria-labelledby="password">
                    <h2 className="h" id="password">
                      {text('mailbox.password')}
                    </h2>
                    {person.mailboxId === mailbox.id ? (
                      <p className="mid">
                        {text('account.passwordText')}{' '}
                        <Link className="link" href="/account">
                          {text('account.title')}
                        </Link>
                      </p>
                    ) : (
                      <>
                        <p className="mid">{text('mailbox.passwordText')}</p>
                        <PasswordForm
                          action={setPasswordAction.bind(null, mailbox.id)}
                          minimumLength={minimumPasswordLength}
                          address={mailbox.address}
                        />
                      </>
                    )}
                  </section>
                </>
              )}
            </>
          )}
        </div>
        <aside className="glance">
          <section aria-labelledby="glance">
            <h2 className="h" id="glance">
              {text('mailbox.side')}
            </h2>
            <UsageBar used={mailbox.usedBytes} total={mailbox.quotaBytes} />
            <dl className="kv mt-4">
              <div>
                <dt>{text('mailbox.quota')}</dt>
                <dd>{text('of', { used, total })}</dd>
              </div>
              <div>
                <dt>{text('mailbox.content')}</dt>
                <dd>{text('mailbox.messages', { count: mailbox.usedMessages })}</dd>
              </div>
              <div>
                <dt>{text('mailbox.created')}</dt>
                <dd>{date(mailbox.createdAt)}</dd>
              </div>
              <div>
                <dt>{text('mailbox.lastLogin')}</dt>
                <dd>
                  {mailbox.lastLoginAt ? format.dateTime(mailbox.lastLoginAt, { dateStyle: 'medium', timeStyle: 'short' }) : text('never')}
                </dd>
              </div>
            </dl>
          </section>
          {deleted ? null : (
            <section aria-labelledby="spam">
              <h2 className="h" id="spam">
                {text('spamFilter.title')}
              </h2>
              <SpamFilterForm spamFilter={mailbox.spamFilter} action={setSpamFilterAction.bind(null, mailbox.id)} />
              <p className="hint mt-3">{text('spamFilter.text')}</p>
            </section>
          )}
          {person.role !== 'owner' || person.mailboxId === mailbox.id || deleted ? null : (
            <section aria-labelledby="role">
              <h2 className="h" id="role">
                {text('role.title')}
              </h2>
              <RoleForm role={mailbox.role} action={setRoleAction.bind(null, mailbox.id)} />
              <p className="hint mt-3">{text('role.text')}</p>
            </section>
          )}
          {person.mailboxId === mailbox.id || aboveMe ? null : (
            <section aria-labelledby="state">
              <h2 className="h" id="state">
                {text('mailbox.state')}
              </h2>
              <MailboxStateButtons
                address={address}
                status={mailbox.status}
                change={change}
                purge={purgeMailboxAction.bind(null, mailbox.id)}
              />
              <p className="hint mt-3">{text('mailbox.suspendText')}</p>
            </section>
          )}
        </aside>
      </div>
    </>
  );
}
