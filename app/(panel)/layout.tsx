import { AtSign, Building2, ShieldAlert, Globe, History, KeyRound, Mail, Mails, Settings, Smartphone } from 'lucide-react';
import { getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { PanelSearch } from '#components/admin/panel-search.tsx';
import { AppShell } from '#components/shell/app-shell.tsx';
import { ClientMessages } from '#components/shell/client-messages.tsx';
import { KeepFocus } from '#components/shell/keep-focus.tsx';
import { ZoneCookie } from '#components/shell/zone-cookie.tsx';
import { SideNavigation } from '#components/shell/side-navigation.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { requireSession } from '#lib/auth/session.ts';
import { readSettings } from '#lib/webmail/mailbox-settings.ts';
import { database } from '#lib/db/prisma.ts';
import { readAppearance } from '#lib/i18n/appearance.ts';
import Link from 'next/link';
import { signOutAction } from '../sign-in/actions.ts';

/** Frame of the panel and of one's own devices. Pages ask for their scope themselves: a layout is not a door. */
export default async function PanelLayout({ children }: { children: ReactNode }) {
  const session = await requireSession();
  const text = await getTranslations('panel');
  const pages = [
    ...(session.role === 'operator' ? [{ href: '/panel/customers', label: text('navigation.customers'), of: Building2 }] : []),
    ...(session.role !== null && session.customerId !== null
      ? [
          { href: '/panel/domains', label: text('navigation.domains'), of: Globe },
          { href: '/panel/mailboxes', label: text('navigation.mailboxes'), of: Mails },
          { href: '/panel/addresses', label: text('navigation.addresses'), of: AtSign },
          { href: '/panel/quarantine', label: text('navigation.quarantine'), of: ShieldAlert },
          { href: '/panel/audit', label: text('navigation.audit'), of: History },
        ]
      : []),
    session.mailboxId === null
      ? { href: '/account', label: text('navigation.person'), of: KeyRound }
      : { href: '/account', label: text('navigation.account'), short: text('navigation.accountShort'), of: Smartphone },
    ...(session.mailboxId === null ? [] : [{ href: '/mail-settings', label: text('navigation.mailSettings'), of: Settings }]),
  ];
  const { theme } = await readAppearance();
  const zone = session.mailboxId === null ? '' : (await readSettings({ mailboxId: session.mailboxId })).timeZone;
  const mailHref = session.mailboxId === null ? undefined : '/mail';
  const mayManage = session.role !== null && session.customerId !== null;
  const customer = mayManage
    ? await database().customer.findUnique({ where: { id: session.customerId ?? 0 }, select: { name: true } })
    : null;
  return (
    <ClientMessages namespaces={['common', 'panel']}>
      <ZoneCookie chosen={zone} />
      <KeepFocus />
      <AppShell
        home={pages[0]?.href ?? '/'}
        account={{ name: session.name, address: session.address, theme, mailHref, signOut: signOutAction }}
        sideTop={
          customer ? (
            <div className="who" title={customer.name}>
              <Icon of={Building2} />
              <span className="cut">{customer.name}</span>
            </div>
          ) : null
        }
        navigation={
          <SideNavigation label={text('title')} items={pages.map(({ href, label, of }) => ({ href, label, icon: <Icon of={of} /> }))} />
        }
        sideFoot={
          mailHref ? (
            <div className="space">
              <Link className="fold" href={mailHref} style={{ margin: '0 -10px' }} aria-label={text('toMail')}>
                <Icon of={Mail} />
                <span>{text('toMail')}</span>
              </Link>
            </div>
          ) : null
        }
        search={mayManage ? <PanelSearch /> : undefined}
        bar={pages.map(({ href, label, short, of }) => ({ href, label, short, icon: <Icon of={of} size={21} /> }))}
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
        <main className="page" id="inhalt" tabIndex={0}>
          <div className="wrap">{children}</div>
        </main>
      </AppShell>
    </ClientMessages>
  );
}
