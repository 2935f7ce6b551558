import { Check, Download } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { AppPasswords } from '#components/admin/account/app-passwords.tsx';
import { NameForm } from '#components/admin/account/name-form.tsx';
import { PasswordForm } from '#components/admin/account/password-form.tsx';
import { SessionList } from '#components/admin/account/session-list.tsx';
import { MySettings } from '#components/help/my-settings.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { minimumPasswordLength } from '#lib/auth/check-new-password.ts';
import { requireMailboxScope, requireOwnScope, requireSession } from '#lib/auth/session.ts';
import { listSessions } from '#lib/auth/web-session/list-sessions.ts';
import { hasProof } from '#lib/auth/web-session/consume-proof.ts';
import { installationSettings } from '#lib/client-setup/installation-settings.ts';
import { database } from '#lib/db/prisma.ts';
import { readMailbox } from '#lib/provisioning/mailboxes/list-mailboxes.ts';
import {
  changeOwnPasswordAction,
  createOwnAppPasswordAction,
  endOtherSessionsAction,
  endSessionAction,
  renameOwnMailboxAction,
  revokeOwnAppPasswordAction,
} from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('panel'))('account.title') };
}

/** What everybody does alone: the password, and with a mailbox devices and the Apple profile. */
export default async function Account({ searchParams }: { searchParams: Promise<{ changed?: string | string[] }> }) {
  const { scope: own, address } = await requireOwnScope();
  const changed = (await searchParams).changed === 'password';
  return 'userId' in own ? <OfPerson address={address} changed={changed} /> : <OfMailbox changed={changed} />;
}

async function Password({ address, hint }: { address: string; hint: string }) {
  const text = await getTranslations('panel.account');
  return (
    <section className="sheet block-sheet" aria-labelledby="password">
      <h2 className="h" id="password">
        {text('password')}
      </h2>
      <p className="mid">{hint}</p>
      <PasswordForm own action={changeOwnPasswordAction} minimumLength={minimumPasswordLength} address={address} />
    </section>
  );
}

async function Sessions() {
  const text = await getTranslations('panel.sessions');
  const sessions = await listSessions(database(), await requireSession());
  return (
    <section className="sheet block-sheet" aria-labelledby="sessions">
      <h2 className="h" id="sessions">
        {text('title')}
      </h2>
      <p className="mid">{text('lede')}</p>
      <SessionList
        sessions={sessions.map(({ program, beganAt, lastUsedAt, ...line }) => ({
          ...line,
          ...program,
          beganAt: beganAt.getTime(),
          lastUsedAt: lastUsedAt.getTime(),
        }))}
        end={endSessionAction}
        endOthers={endOtherSessionsAction}
      />
    </section>
  );
}

async function Changed() {
  const text = await getTranslations('panel.mailbox');
  return (
    <p className="notice ok mt-4" role="status">
      <Icon of={Check} />
      {text('passwordSet')}
    </p>
  );
}

async function OfPerson({ address, changed }: { address: string; changed: boolean }) {
  const text = await getTranslations('panel.account');
  return (
    <div className="two">
      <div>
        <h1 className="say-s">{text('personSentence', { address: displayAddress(address) })}</h1>
        {changed ? <Changed /> : null}
        <Password address={address} hint={text('personPasswordText')} />
        <Sessions />
      </div>
    </div>
  );
}

async function OfMailbox({ changed }: { changed: boolean }) {
  const { scope } = await requireMailboxScope();
  const mailbox = await readMailbox(database(), scope, scope.mailboxId);
  if (!mailbox) notFound();
  const text = await getTranslations('panel');
  const askPassword = !(await hasProof(database(), (await requireSession()).sessionId));
  const address = displayAddress(mailbox.address);
  return (
    <div className="two">
      <div>
        <h1 className="say-s">{text('account.sentence', { address })}</h1>
        <p className="lede">{text('account.lede')}</p>
        {changed ? <Changed /> : null}
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
            askPassword={askPassword}
            login={mailbox.address}
            revoke={revokeOwnAppPasswordAction}
          />
        </section>
        <section className="sheet block-sheet" aria-labelledby="name">
          <h2 className="h" id="name">
            {text('account.name')}
          </h2>
          <NameForm name={mailbox.name} action={renameOwnMailboxAction} />
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
        <Password address={mailbox.address} hint={text('account.passwordText')} />
        <Sessions />
      </div>
      <aside className="glance">
        <MySettings
          settings={installationSettings()}
          address={address}
          login={mailbox.address}
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
