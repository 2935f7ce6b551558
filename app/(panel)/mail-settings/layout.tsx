import { getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { SettingsTabs } from '#components/mail/settings/settings-tabs.tsx';
import { ClientMessages } from '#components/shell/client-messages.tsx';
import { requireSession } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { isModerator } from '#lib/provisioning/withheld/withheld-letters.ts';

/** The pages of what somebody sets for their mailbox, side by side. */
export default async function MailSettingsLayout({ children }: { children: ReactNode }) {
  const text = await getTranslations('rules.tabs');
  const { mailboxId } = await requireSession();
  const moderates = mailboxId !== null && (await isModerator(database(), mailboxId));
  return (
    <ClientMessages namespaces={['common', 'panel', 'mail', 'rules']}>
      <SettingsTabs
        label={text('label')}
        tabs={[
          { href: '/mail-settings', label: text('general') },
          { href: '/mail-settings/filters', label: text('filters') },
          { href: '/mail-settings/absence', label: text('absence') },
          { href: '/mail-settings/forward', label: text('forward') },
          { href: '/mail-settings/senders', label: text('senders') },
          ...(moderates ? [{ href: '/mail-settings/moderation', label: text('moderation') }] : []),
        ]}
      />
      {children}
    </ClientMessages>
  );
}
