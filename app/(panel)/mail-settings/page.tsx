import type { Metadata } from 'next';
import { getLocale, getTranslations } from 'next-intl/server';
import { SpamFilterForm } from '#components/admin/spam-filter-form.tsx';
import { IdentityForm } from '#components/mail/settings/identity-form.tsx';
import { SettingsForm } from '#components/mail/settings/settings-form.tsx';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { requireMailbox } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { readAppearance } from '#lib/i18n/appearance.ts';
import { languageOf } from '#lib/i18n/locales.ts';
import { readIdentities } from '#lib/webmail/writing/identities.ts';
import { readSettings } from '#lib/webmail/mailbox-settings.ts';
import { saveIdentityAction, saveSettingsAction, saveSpamFilterAction } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('panel'))('mailSettings.title') };
}

/** How somebody wants their webmail, and whom they write as. */
export default async function MailSettingsPage() {
  const signedIn = await requireMailbox();
  const mailbox = { ...signedIn, mailboxId: signedIn.accountId };
  const text = await getTranslations('panel.mailSettings');
  const spamText = await getTranslations('panel.spamFilter');
  const { spamFilter } = await database().mailbox.findUniqueOrThrow({ where: { id: signedIn.accountId }, select: { spamFilter: true } });
  const [settings, identities, { density }, locale] = await Promise.all([
    readSettings(mailbox),
    readIdentities(mailbox),
    readAppearance(),
    getLocale(),
  ]);
  return (
    <div className="two">
      <div>
        <h1 className="say-s">{text('sentence')}</h1>
        <p className="lede">{text('lede')}</p>
        <SettingsForm
          settings={settings}
          addresses={identities.map(({ address }) => ({ value: address, label: displayAddress(address) }))}
          timeZones={Intl.supportedValuesOf('timeZone')}
          language={languageOf(locale)}
          density={density}
          action={saveSettingsAction}
        />
        <section className="sheet block-sheet" aria-labelledby="spam">
          <h2 className="h" id="spam">
            {spamText('title')}
          </h2>
          <SpamFilterForm spamFilter={spamFilter} action={saveSpamFilterAction} />
          <p className="hint mt-3">{spamText('text')}</p>
        </section>
        {identities.map((identity) => (
          <IdentityForm
            key={identity.address}
            identity={identity}
            display={displayAddress(identity.address)}
            replyTo={displayAddress(identity.replyTo)}
            action={saveIdentityAction}
          />
        ))}
      </div>
    </div>
  );
}
