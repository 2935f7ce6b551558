'use client';

import { Ellipsis, Folder, HelpCircle, Inbox, Menu as MenuIcon, PencilLine, Search, Settings, SlidersHorizontal } from 'lucide-react';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { formatUsage } from '#lib/i18n/format-bytes.ts';
import type { StorageUse } from '#lib/webmail/reading/conversation-list.ts';
import { AccountMenu, type Account } from '../shell/account-menu.tsx';
import { useSignOut } from '../shell/sign-out.tsx';
import { BrandMark } from '../ui/brand.tsx';
import { classes } from '../ui/classes.ts';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuLink } from '../ui/menu.tsx';
import { UsageBar } from '../ui/usage-bar.tsx';
import { hrefOf } from './mail-href.ts';
import { goTo } from './mail-location.ts';

interface Props {
  account: Account;
  storage: StorageUse | null;
  navigation: ReactNode;
  search: ReactNode;
  /** phone: title of the top bar, or null where a message has its own bar */
  title: string | null;
  /** phone: which of the bar is on */
  area: 'inbox' | 'folders' | 'search' | 'none';
  /** phone: search takes the place of the title */
  searching: boolean;
  /** yellow turns plain while a window with its own primary is open */
  composing: boolean;
  onCompose: () => void;
  onSearch: () => void;
  children: ReactNode;
}

/** The webmail's frame: as the house's shell, with the letter button, folders and storage; on the phone title, bar and floating button. */
export function MailShell(props: Props) {
  const text = useTranslations('mail');
  const common = useTranslations('common');
  const { account, storage, navigation, search, title, area, searching, composing, onCompose, onSearch, children } = props;
  return (
    <>
      {/* no link: the fragment of the address says what is searched for */}
      <button type="button" className="skip" onClick={() => document.getElementById('liste')?.focus()}>
        {text('list.toList')}
      </button>
      <div className={classes('app mail-app', title === null && 'reading')}>
        <aside className="side" aria-label={common('sidebar')}>
          <Link className="brand" href="/mail" prefetch={false} aria-label={common('brand')}>
            <BrandMark />
            <span>{common('brand')}</span>
          </Link>
          <button type="button" className={classes('btn compose', !composing && 'primary')} aria-keyshortcuts="C" onClick={onCompose}>
            <Icon of={PencilLine} />
            <span>{text('compose.new')}</span>
            <kbd>C</kbd>
          </button>
          {navigation}
          {storage ? <Storage storage={storage} /> : null}
        </aside>
        <div className="main">
          <header className={classes('top', searching && 'searching')}>
            <IconButton
              className="only-phone"
              label={text('phone.openFolders')}
              onClick={() => goTo(hrefOf({ folder: 'INBOX', view: 'folders' }))}
            >
              <Icon of={MenuIcon} size={21} />
            </IconButton>
            <span className="phone-title only-phone cut" aria-hidden="true">
              {title}
            </span>
            {search}
            <IconButton className="only-phone phone-search" label={text('search.label')} onClick={onSearch}>
              <Icon of={Search} size={21} />
            </IconButton>
            <Link
              className="ib only-wide"
              href="/mail-settings"
              prefetch={false}
              aria-label={text('phone.settings')}
              title={text('phone.settings')}
            >
              <Icon of={Settings} />
            </Link>
            <Link className="ib only-wide" href="/help" prefetch={false} aria-label={common('help')} title={common('help')}>
              <Icon of={HelpCircle} />
            </Link>
            <AccountMenu account={account} />
          </header>
          <div className="below-bar">{children}</div>
        </div>
        <PhoneBar area={area} onSearch={onSearch} account={account} />
        <button type="button" className="fab only-phone" aria-label={text('compose.new')} onClick={onCompose}>
          <Icon of={PencilLine} size={22} />
        </button>
      </div>
    </>
  );
}

function Storage({ storage }: { storage: StorageUse }) {
  const text = useTranslations('mail.folders');
  const { used, total } = formatUsage(useLocale(), storage.usedBytes, storage.limitBytes);
  return (
    <div className="space">
      <UsageBar used={storage.usedBytes} total={storage.limitBytes} />
      <span className="num wide">{text('storage', { used, total })}</span>
    </div>
  );
}

interface PhoneBarProps {
  area: Props['area'];
  onSearch: () => void;
  account: Account;
}

function PhoneBar({ area, onSearch, account }: PhoneBarProps) {
  const text = useTranslations('mail');
  const common = useTranslations('common');
  const { item: signOut, question } = useSignOut(account.login ?? account.address, account.signOut);
  const on = (name: Props['area']) => ({
    className: area === name ? 'on' : '',
    'aria-current': area === name ? ('page' as const) : undefined,
  });
  const go = (href: string) => (event: React.MouseEvent) => {
    event.preventDefault();
    goTo(href);
  };
  const inbox = hrefOf({ folder: 'INBOX' });
  const folders = hrefOf({ folder: 'INBOX', view: 'folders' });
  return (
    <>
      <nav className="pbar bottom" aria-label={text('phone.areas')}>
        <a {...on('inbox')} href={inbox} onClick={go(inbox)}>
          <Icon of={Inbox} size={21} />
          <span>{text('folders.inbox')}</span>
        </a>
        <button type="button" {...on('search')} onClick={onSearch}>
          <Icon of={Search} size={21} />
          <span>{text('phone.search')}</span>
        </button>
        <a {...on('folders')} href={folders} onClick={go(folders)}>
          <Icon of={Folder} size={21} />
          <span>{text('phone.folders')}</span>
        </a>
        <Menu
          label={text('phone.more')}
          triggerClass="phone-more"
          trigger={
            <>
              <Icon of={Ellipsis} size={21} />
              <span>{text('phone.more')}</span>
            </>
          }
        >
          <MenuLink href="/mail-settings" icon={<Icon of={Settings} />}>
            {text('phone.settings')}
          </MenuLink>
          {account.panelHref ? (
            <MenuLink href={account.panelHref} icon={<Icon of={SlidersHorizontal} />}>
              {common('accountMenu.toPanel')}
            </MenuLink>
          ) : null}
          <MenuLink href="/help" icon={<Icon of={HelpCircle} />}>
            {text('phone.help')}
          </MenuLink>
          {signOut}
        </Menu>
      </nav>
      {question}
    </>
  );
}
