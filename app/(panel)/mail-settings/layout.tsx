import { getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { SettingsTabs } from '#components/mail/settings/settings-tabs.tsx';
import { ClientMessages } from '#components/shell/client-messages.tsx';

/** The pages of what somebody sets for their mailbox, side by side. */
export default async function MailSettingsLayout({ children }: { children: ReactNode }) {
  const text = await getTranslations('rules.tabs');
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
        ]}
      />
      {children}
    </ClientMessages>
  );
}
