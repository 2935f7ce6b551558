import { HelpCircle, Settings } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { BrandMark } from '../ui/brand.tsx';
import { Icon } from '../ui/icon.tsx';
import { AccountMenu, type Account } from './account-menu.tsx';
import { BottomBar, type BarItem } from './bottom-bar.tsx';

interface Props {
  /** Where the brand leads: the first page of this area. */
  home: string;
  account: Account;
  /** Above the navigation: the compose button, or whose installation this is. */
  sideTop?: ReactNode;
  /** `<nav>` with the folders or the panel's pages (`SideNavigation`, or one of your own with the classes `fold` and `here`). */
  navigation: ReactNode;
  /** Below the navigation, above nothing: storage, or the way to the other area. */
  sideFoot?: ReactNode;
  /** Left part of the top bar. */
  search?: ReactNode;
  /** Extra buttons of the top bar, left of help. */
  actions?: ReactNode;
  settingsHref?: string;
  /** Shown below 720 px only; more than five are gathered behind "More". */
  bar: readonly BarItem[];
  children: ReactNode;
}

/** Frame of webmail and panel: 236 px navigation from 1152 px, a 64 px rail from 720 px, a bar at the bottom of the phone. */
export function AppShell({ home, account, sideTop, navigation, sideFoot, search, actions, settingsHref, bar, children }: Props) {
  const text = useTranslations('common');
  return (
    <>
      <a className="skip" href="#inhalt">
        {text('skip')}
      </a>
      <div className="app">
        <aside className="side" aria-label={text('sidebar')}>
          <Link className="brand" href={home} aria-label={text('brand')}>
            <BrandMark />
            <span>{text('brand')}</span>
          </Link>
          {sideTop}
          {navigation}
          {sideFoot}
        </aside>
        <div className="main">
          <header className="top">
            <Link className="brand only-phone" href={home} style={{ padding: '0 8px', marginRight: 'auto' }}>
              <BrandMark size={26} />
              <span>{text('brand')}</span>
            </Link>
            {search ?? <span className="grow only-wide" />}
            {actions}
            <Link className="ib" href="/help" aria-label={text('help')} title={text('help')}>
              <Icon of={HelpCircle} />
            </Link>
            {settingsHref ? (
              <Link className="ib" href={settingsHref} aria-label={text('settings')} title={text('settings')}>
                <Icon of={Settings} />
              </Link>
            ) : null}
            <AccountMenu account={{ ...account, login: account.address, address: displayAddress(account.address) }} />
          </header>
          {children}
        </div>
        <BottomBar items={bar} />
      </div>
    </>
  );
}
