'use client';

import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { hrefOf, parseLocation, type MailLocation } from './mail-href.ts';

const changed = 'postamt:location';

/** Moves within the webmail. `replace` for moves that Back should not stop at (paging through messages, typing a search). */
export function goTo(href: string, how: 'push' | 'replace' = 'push'): void {
  if (href === here()) return;
  if (how === 'push') window.history.pushState(null, '', href);
  else window.history.replaceState(null, '', href);
  window.dispatchEvent(new Event(changed));
}

const here = (): string => window.location.pathname + window.location.search + window.location.hash;

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
  const href = useSyncExternalStore(subscribe, here, () => initial);
  const location = useMemo(() => parseLocation(href), [href]);
  useEffect(() => {
    // A bookmark of before: from here on the words stay in the browser.
    if (new URLSearchParams(window.location.search).has('q')) goTo(hrefOf({ ...location, view: undefined }), 'replace');
  }, [location]);
  return location;
}
