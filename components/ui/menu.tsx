'use client';

import { Check } from 'lucide-react';
import Link from 'next/link';
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { classes } from './classes.ts';
import { Icon } from './icon.tsx';
import { itemForKey } from './menu-keys.ts';

interface Props {
  /** Accessible name of the button that opens the menu. */
  label: string;
  trigger: ReactNode;
  triggerClass?: string;
  /** drawn when it is opened first: a letter has four, and seldom needs one */
  late?: boolean;
  /** a function: of the moment it was opened at last */
  children: ReactNode | ((openedAt: number) => ReactNode);
}

const items = (menu: HTMLElement): HTMLElement[] => [...menu.querySelectorAll<HTMLElement>('[role^=menuitem]:not([disabled])')];

/** A button with a menu in the top layer (native popover: light dismiss and Esc are the browser's). Arrow keys, Home, End and first signs move; Tab leaves. */
export function Menu({ label, trigger, triggerClass = 'ib', late = false, children }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [openedAt, setOpenedAt] = useState<number | null>(null);

  const place = () => {
    const anchor = button.current?.getBoundingClientRect();
    const box = menu.current;
    if (!anchor || !box) return;
    const { offsetWidth: width, offsetHeight: height } = box;
    const below = anchor.bottom + 4 + height <= window.innerHeight || anchor.top < height;
    box.style.top = `${Math.max(8, below ? anchor.bottom + 4 : anchor.top - 4 - height)}px`;
    const left = anchor.left + width > window.innerWidth - 8 ? anchor.right - width : anchor.left;
    box.style.left = `${Math.max(8, Math.min(left, window.innerWidth - width - 8))}px`;
  };

  const move = (event: KeyboardEvent) => {
    if (!menu.current) return;
    // on to what follows the button; left open it would lie over that, and Esc would be somebody else's
    if (event.key === 'Tab') return menu.current.hidePopover();
    const all = items(menu.current);
    const at = all.indexOf(document.activeElement as HTMLElement);
    const isCommand = event.ctrlKey || event.metaKey || event.altKey;
    const words = all.map((one) => one.textContent);
    const next = isCommand ? undefined : itemForKey(event.key, words, at);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    all[next]?.focus();
  };

  return (
    <>
      <button ref={button} type="button" className={triggerClass} aria-label={label} title={label} aria-haspopup="menu" popoverTarget={id}>
        {trigger}
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        tabIndex={-1}
        className="menu"
        aria-label={label}
        onKeyDown={move}
        onClick={(event) => {
          if ((event.target as HTMLElement).closest('[role^=menuitem]')) menu.current?.hidePopover();
        }}
        onBeforeToggle={(event) => {
          // there before it is placed and its first item focused
          if (event.newState === 'open') flushSync(() => setOpenedAt(Date.now()));
        }}
        onToggle={(event) => {
          button.current?.setAttribute('aria-expanded', String(event.newState === 'open'));
          if (event.newState !== 'open' || !menu.current) return;
          place();
          items(menu.current)[0]?.focus();
        }}
      >
        {typeof children !== 'function' ? (openedAt !== null || !late) && children : openedAt !== null && children(openedAt)}
      </div>
    </>
  );
}

interface ItemProps {
  icon?: ReactNode;
  danger?: boolean;
  /** Set for a choice; the current one gets the check. */
  checked?: boolean;
  /** several may be checked at a time */
  several?: boolean;
  onSelect: () => void;
  children: ReactNode;
}

export function MenuItem({ icon, danger, checked, several, onSelect, children }: ItemProps) {
  const choice =
    checked === undefined ? { role: 'menuitem' } : { role: several ? 'menuitemcheckbox' : 'menuitemradio', 'aria-checked': checked };
  return (
    <button type="button" tabIndex={-1} {...choice} className={classes(danger && 'danger')} onClick={onSelect}>
      {icon}
      <span>{children}</span>
      {checked ? <Icon of={Check} size={16} className="tick" /> : null}
    </button>
  );
}

export function MenuLink({ icon, href, here, children }: { icon?: ReactNode; href: string; here?: boolean; children: ReactNode }) {
  return (
    <Link role="menuitem" tabIndex={-1} href={href} aria-current={here ? 'page' : undefined}>
      {icon}
      <span>{children}</span>
      {here ? <Icon of={Check} size={16} className="tick" /> : null}
    </Link>
  );
}

export const MenuCaption = ({ children }: { children: ReactNode }) => (
  <div className="cap" role="presentation">
    {children}
  </div>
);
