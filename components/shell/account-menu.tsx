'use client';

import { Mail, Monitor, Moon, SlidersHorizontal, Sun } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { languageOf } from '#lib/i18n/locales.ts';
import { setPreference } from '#lib/i18n/preferences.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu, MenuCaption, MenuItem, MenuLink } from '../ui/menu.tsx';
import { Stamp } from '../ui/stamp.tsx';
import { useStep } from '../ui/use-action.ts';
import { tellWindows } from './other-windows.tsx';
import { useSignOut } from './sign-out.tsx';

export interface Account {
  name: string;
  /** as people read it */
  address: string;
  /** the login name, where it is written in another way */
  login?: string;
  theme: 'system' | 'light' | 'dark';
  /** The other area, if this person may go there. */
  panelHref?: string | undefined;
  mailHref?: string | undefined;
  signOut: () => Promise<void>;
}

const languages = [
  { value: 'de', label: 'Deutsch' },
  { value: 'en', label: 'English' },
] as const;
const themes = [
  { value: 'system', icon: Monitor },
  { value: 'light', icon: Sun },
  { value: 'dark', icon: Moon },
] as const;

/** Who is signed in; language and appearance of this browser; the other area; sign-out. */
export function AccountMenu({ account }: { account: Account }) {
  const text = useTranslations('common');
  const current = languageOf(useLocale());
  const [, start] = useStep();
  const choose = (name: 'locale' | 'theme', value: string) => () =>
    start(async () => {
      await setPreference(name, value);
      tellWindows();
    });
  const who = account.name || account.address;
  const { item: signOut, question } = useSignOut(account.login ?? account.address, account.signOut);
  return (
    <>
      <Menu label={text('account', { name: who })} triggerClass="ib who-am-i" trigger={<Stamp name={who} me />}>
        <div className="cap" role="presentation">
          <span className="cut block text-ink" style={{ fontSize: 'var(--t-14)' }}>
            {who}
          </span>
          <span className="mono break-all">{account.address}</span>
        </div>
        <hr />
        <MenuCaption>{text('accountMenu.language')}</MenuCaption>
        {languages.map(({ value, label }) => (
          <MenuItem key={value} checked={value === current} onSelect={choose('locale', value)}>
            <span lang={value}>{label}</span>
          </MenuItem>
        ))}
        <hr />
        <MenuCaption>{text('accountMenu.theme')}</MenuCaption>
        {themes.map(({ value, icon }) => (
          <MenuItem key={value} icon={<Icon of={icon} />} checked={value === account.theme} onSelect={choose('theme', value)}>
            {text(`accountMenu.${value}`)}
          </MenuItem>
        ))}
        <hr />
        {account.mailHref ? (
          <MenuLink href={account.mailHref} icon={<Icon of={Mail} />}>
            {text('accountMenu.toMail')}
          </MenuLink>
        ) : null}
        {account.panelHref ? (
          <MenuLink href={account.panelHref} icon={<Icon of={SlidersHorizontal} />}>
            {text('accountMenu.toPanel')}
          </MenuLink>
        ) : null}
        {signOut}
      </Menu>
      {question}
    </>
  );
}
