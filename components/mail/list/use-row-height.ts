'use client';

import { useSyncExternalStore } from 'react';

const query = '(pointer: coarse), (max-width: 45rem)';

const subscribe = (listener: () => void) => {
  const media = window.matchMedia(query);
  media.addEventListener('change', listener);
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-density'] });
  return () => {
    media.removeEventListener('change', listener);
    observer.disconnect();
  };
};

/**
 * Height of a list row in pixels, as the density and the width ask for; the same numbers as --row in the style sheet. `first`: what the
 * server took it for, which knows the browser only by its name.
 */
export function useRowHeight(first: number): number {
  return useSyncExternalStore(
    subscribe,
    () => {
      const { density } = document.documentElement.dataset;
      if (density === 'dense') return 36;
      if (density === 'normal') return 60;
      return window.matchMedia('(max-width: 45rem)').matches ? 92 : 82;
    },
    () => first,
  );
}
