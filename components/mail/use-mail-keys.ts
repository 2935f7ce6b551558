'use client';

import { useCallback, useEffect, useRef } from 'react';

export type MailKey =
  | 'next'
  | 'previous'
  | 'open'
  | 'back'
  | 'compose'
  | 'reply'
  | 'reply-all'
  | 'forward'
  | 'archive'
  | 'delete'
  | 'flag'
  | 'unread'
  | 'select'
  | 'search'
  | 'sheet';

export const keyTable: readonly { key: MailKey; keys: readonly string[] }[] = [
  { key: 'next', keys: ['j', 'ArrowDown'] },
  { key: 'previous', keys: ['k', 'ArrowUp'] },
  { key: 'open', keys: ['Enter'] },
  { key: 'back', keys: ['Escape'] },
  { key: 'compose', keys: ['c'] },
  { key: 'reply', keys: ['r'] },
  { key: 'reply-all', keys: ['a'] },
  { key: 'forward', keys: ['f'] },
  { key: 'archive', keys: ['e'] },
  { key: 'delete', keys: ['#', 'Delete'] },
  { key: 'flag', keys: ['s'] },
  { key: 'unread', keys: ['u'] },
  { key: 'select', keys: ['x'] },
  { key: 'search', keys: ['/'] },
  { key: 'sheet', keys: ['?'] },
];

const byKey = new Map(keyTable.flatMap(({ key, keys }) => keys.map((name) => [name, key] as const)));

/** Keys of the webmail. Never in text fields, menus and dialogs; never with Ctrl, Alt or Cmd. */
export function useMailKeys(
  { enabled, letters }: { enabled: boolean; letters: boolean },
  handle: (key: MailKey) => void,
): (event: KeyboardEvent) => void {
  const latest = useRef({ enabled, letters, handle });
  latest.current = { enabled, letters, handle };
  const onKey = useCallback((event: KeyboardEvent) => {
    const { enabled: on, letters: withLetters, handle: act } = latest.current;
    // Whoever speaks to the computer, or hits keys by accident, switches keys of one sign off (WCAG 2.1.4).
    if (!withLetters && event.key.length === 1) return;
    if (!on || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement | null;
    if (target?.closest?.('input:not([type=checkbox]),textarea,select,[contenteditable=true],[role=menu],dialog')) return;
    const key = byKey.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (!key) return;
    const onControl = target?.closest?.('button,a,summary') ?? null;
    if (key === 'open' && onControl) return;
    // In the message the arrows scroll it.
    if (event.key.startsWith('Arrow') && target?.closest?.('.read')) return;
    event.preventDefault();
    act(key);
  }, []);
  useEffect(() => {
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onKey]);
  return onKey;
}
