import { Check, Download } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { AppPasswords } from '#components/admin/app-passwords.tsx';
import { PasswordForm } from '#components/admin/password-form.tsx';
import { MySettings } from '#components/help/my-settings.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { minimumPasswordLength } from '#lib/auth/check-new-password.ts';
import { requireMailboxScope } from '#lib/auth/session.ts';
import { installationSettings } from '#lib/client-setup/installation-settings.ts';
import { database } from '#lib/db/prisma.ts';
import { readMailbox } from '#lib/provisioning/list-mailboxes.ts';
import { changeOwnPasswordAction, createOwnAppPasswordAction, revokeOwnAppPasswordAction } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('panel'))('account.title') };
}

/** What a mailbox's user does alone: devices, Apple profile, password. */
export default async function Account({ searchParams }: { searchParams: Promise<{ changed?: string | string[] }> }) {
  const { scope } = await requireMailboxScope();
  const mailbox = await readMailbox(database(), scope, scope.mailboxId);
  if (!mailbox) notFound();
  const text = await getTranslations('panel');
  const address = displayAddress(mailbox.address);
  const changed = (await searchParams).changed === 'password';
  return (
    <div className="two">
      <div>
        <h1 className="say-s">{text('account.sentence', { address })}</h1>
        <p className="lede">{text('account.lede')}</p>
        {changed ? (
          <p className="notice ok mt-4" role="status">
            <Icon of={Check} />
            {text('mailbox.passwordSet')}
          </p>
        ) : null}
        <section className="sheet block-sheet" aria-labelledby="devices">
          <h2 className="h" id="devices">
            {text('mailbox.devices')}
          </h2>
          <AppPasswords
            passwords={mailbox.appPasswords.map(({ createdAt, lastUsedAt, ...password }) => ({
              ...password,
              createdAt: createdAt.getTime(),
              lastUsedAt: lastUsedAt?.getTime() ?? null,
            }))}
            create={createOwnAppPasswordAction}
            revoke={revokeOwnAppPasswordAction}
          />
        </section>
        <section className="sheet block-sheet" aria-labelledby="apple">
          <h2 className="h" id="apple">
            {text('account.profileTitle')}
          </h2>
          <p className="mid">{text('account.profileText')}</p>
          <div>
            <a className={buttonClass()} href="/account/profile" download>
              <Icon of={Download} size={16} />
              {text('account.profile')}
            </a>
          </div>
        </section>
        <section className="sheet block-sheet" aria-labelledby="password">
          <h2 className="h" id="password">
            {text('account.password')}
          </h2>
          <p className="mid">{text('account.passwordText')}</p>
          <PasswordForm own action={changeOwnPasswordAction} minimumLength={minimumPasswordLength} address={mailbox.address} />
        </section>
      </div>
      <aside className="glance">
        <MySettings
          settings={installationSettings()}
          address={address}
          footer={
            <p className="foot">
              <Link className="link" href="/help#programs">
                {text('account.helpLink')}
              </Link>
            </p>
          }
        />
      </aside>
    </div>
  );
}
