'use client';

import { useEffect, useLayoutEffect, useRef, type FocusEvent, type KeyboardEvent, type ReactNode } from 'react';

interface Props {
  label: string;
  className: string;
  children: ReactNode;
}

const buttonsOf = (bar: HTMLElement): HTMLButtonElement[] =>
  [...bar.querySelectorAll<HTMLButtonElement>('button')].filter(
    (one) => one.closest('[role=menu], form') === null && one.checkVisibility(),
  );

/** One of the buttons is reached by Tab: the one that had the focus last, as long as it is there, else the first. */
function letTabReach(bar: HTMLElement, chosen: Element | null): void {
  const all = buttonsOf(bar);
  const usable = all.filter(({ disabled }) => !disabled);
  const one = usable.find((button) => button === chosen) ?? usable.find(({ tabIndex }) => tabIndex === 0) ?? usable[0];
  for (const button of all) button.tabIndex = button === one ? 0 : -1;
}

/** Buttons in a row, one stop of the Tab key; arrow keys, Home and End go from one to the other (toolbar of ARIA). */
export function Toolbar({ label, className, children }: Props) {
  const bar = useRef<HTMLDivElement>(null);
  // after each drawing: buttons come, go and rest
  useLayoutEffect(() => {
    if (bar.current) letTabReach(bar.current, document.activeElement);
  });
  // a window that becomes smaller may hide the one
  useEffect(() => {
    const again = () => bar.current && letTabReach(bar.current, document.activeElement);
    window.addEventListener('resize', again);
    return () => window.removeEventListener('resize', again);
  }, []);
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const all = buttonsOf(event.currentTarget).filter(({ disabled }) => !disabled);
    const at = all.indexOf(event.target as HTMLButtonElement);
    const next = at < 0 ? undefined : destination(event.key, at, all.length);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    all[next]?.focus();
  };
  return (
    <div
      ref={bar}
      role="toolbar"
      tabIndex={-1}
      className={className}
      aria-label={label}
      onKeyDown={move}
      onFocus={(event: FocusEvent<HTMLDivElement>) => letTabReach(event.currentTarget, event.target)}
    >
      {children}
    </div>
  );
}

function destination(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowRight') return (at + 1) % count;
  if (key === 'ArrowLeft') return (at + count - 1) % count;
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : undefined;
}
