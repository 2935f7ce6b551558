'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useRef } from 'react';

interface Props {
  label: string;
  tabs: readonly { href: string; label: string }[];
}

export function SettingsTabs({ label, tabs }: Props) {
  const path = usePathname();
  const bar = useRef<HTMLElement>(null);
  // on the phone they do not all fit
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page has another tab
  useEffect(() => {
    const here = bar.current?.querySelector<HTMLElement>('[aria-current]');
    if (bar.current && here) bar.current.scrollLeft = here.offsetLeft - (bar.current.clientWidth - here.offsetWidth) / 2;
  }, [path]);
  return (
    <nav ref={bar} className="tabs" aria-label={label}>
      {tabs.map(({ href, label: name }) => (
        <Link key={href} href={href} aria-current={path === href ? 'page' : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}
