'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { isHere } from './side-navigation.tsx';

export interface BarItem {
  href: string;
  label: string;
  /** where the label would take two lines */
  short?: string | undefined;
  /** 21 px */
  icon: ReactNode;
}

export function BottomBar({ items }: { items: readonly BarItem[] }) {
  const path = usePathname();
  const text = useTranslations('common');
  return (
    <nav className="pbar bottom" aria-label={text('areas')} style={{ gridTemplateColumns: `repeat(${items.length}, minmax(3.9rem, 1fr))` }}>
      {items.map(({ href, label, short, icon }) => {
        const here = isHere(path, href);
        return (
          <Link key={href} href={href} className={here ? 'on' : ''} aria-label={short && label} aria-current={here ? 'page' : undefined}>
            {icon}
            <span>{short ?? label}</span>
          </Link>
        );
      })}
    </nav>
  );
}
