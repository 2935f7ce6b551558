'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { classes } from '../ui/classes.ts';

export interface NavigationItem {
  href: string;
  label: string;
  icon: ReactNode;
  count?: number | undefined;
}

/** True for the page itself and everything below it. */
export const isHere = (path: string, href: string): boolean => path === href || path.startsWith(`${href}/`);

/** The pages of an area, one below the other. The current one is yellow and carries the mark. */
export function SideNavigation({ label, items }: { label: string; items: readonly NavigationItem[] }) {
  const path = usePathname();
  return (
    <nav aria-label={label}>
      <ul>
        {items.map(({ href, label: name, icon, count }) => {
          const here = isHere(path, href);
          return (
            <li key={href}>
              <Link
                className={classes('fold', here && 'here')}
                href={href}
                aria-current={here ? 'page' : undefined}
                aria-label={name}
                title={name}
              >
                {icon}
                <span>{name}</span>
                {count ? <b>{count}</b> : null}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
