'use client';

import { Ellipsis } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { classes } from '../ui/classes.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu, MenuLink } from '../ui/menu.tsx';
import { isHere } from './side-navigation.tsx';

export interface BarItem {
  href: string;
  label: string;
  /** where the label would take two lines */
  short?: string | undefined;
  /** 21 px */
  icon: ReactNode;
}

/** What a thumb can tell apart on 360 px. */
const mostPlaces = 5;

/** The areas at the bottom of the phone: five at most, and behind "More" what has no place of its own. */
export function BottomBar({ items }: { items: readonly BarItem[] }) {
  const path = usePathname();
  const text = useTranslations('common');
  const places = items.length > mostPlaces ? items.slice(0, mostPlaces - 1) : items;
  const more = items.slice(places.length);
  const count = places.length + (more.length > 0 ? 1 : 0);
  return (
    <nav className="pbar bottom" aria-label={text('areas')} style={{ gridTemplateColumns: `repeat(${count}, minmax(0, 1fr))` }}>
      {places.map(({ href, label, short, icon }) => {
        const here = isHere(path, href);
        return (
          <Link key={href} href={href} className={here ? 'on' : ''} aria-label={short && label} aria-current={here ? 'page' : undefined}>
            {icon}
            <span>{short ?? label}</span>
          </Link>
        );
      })}
      {more.length > 0 ? (
        <Menu
          label={text('more')}
          triggerClass={classes('phone-more', more.some(({ href }) => isHere(path, href)) && 'on')}
          trigger={
            <>
              <Icon of={Ellipsis} size={21} />
              <span>{text('more')}</span>
            </>
          }
        >
          {more.map(({ href, label, icon }) => (
            <MenuLink key={href} href={href} icon={icon} here={isHere(path, href)}>
              {label}
            </MenuLink>
          ))}
        </Menu>
      ) : null}
    </nav>
  );
}
