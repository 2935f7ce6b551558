'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';

interface Props {
  label: string;
  tabs: readonly { href: string; label: string }[];
}

export function SettingsTabs({ label, tabs }: Props) {
  const path = usePathname();
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ href, label: name }) => (
        <Link key={href} href={href} aria-current={path === href ? 'page' : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}
