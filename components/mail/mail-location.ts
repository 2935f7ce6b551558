'use client';

import { useSyncExternalStore } from 'react';
import { parseLocation, type MailLocation } from './mail-href.ts';

const changed = 'postamt:location';

/** Moves within the webmail. `replace` for moves that Back should not stop at (paging through messages, typing a search). */
export function goTo(href: string, how: 'push' | 'replace' = 'push'): void {
  if (href === window.location.pathname + window.location.search) return;
  if (how === 'push') window.history.pushState(null, '', href);
  else window.history.replaceState(null, '', href);
  window.dispatchEvent(new Event(changed));
}

const subscribe = (listener: () => void) => {
  window.addEventListener('popstate', listener);
  window.addEventListener(changed, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(changed, listener);
  };
};

/** `initial`: path and query the server rendered for. */
export function useMailLocation(initial: string): MailLocation {
  const href = useSyncExternalStore(
    subscribe,
    () => window.location.pathname + window.location.search,
    () => initial,
  );
  const at = href.indexOf('?');
  return parseLocation(at < 0 ? href : href.slice(0, at), at < 0 ? '' : href.slice(at));
}
