'use client';

import { useEffect, useState } from 'react';

export type Scheme = 'light' | 'dark';

const darkQuery = '(prefers-color-scheme: dark)';

function pageScheme(): Scheme {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return window.matchMedia(darkQuery).matches ? 'dark' : 'light';
}

/** Whether the page is dark now: chosen by the reader, or as the system says. */
export function usePageScheme(): Scheme {
  const [scheme, setScheme] = useState<Scheme>('light');
  useEffect(() => {
    const look = () => setScheme(pageScheme());
    look();
    const media = window.matchMedia(darkQuery);
    const observer = new MutationObserver(look);
    media.addEventListener('change', look);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      media.removeEventListener('change', look);
      observer.disconnect();
    };
  }, []);
  return scheme;
}

const storageKey = 'postamt:letters-in-the-dark';

/** Whether letters go dark with the page; kept in this browser. */
export function lettersFollow(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'light';
  } catch {
    return true;
  }
}

export function setLettersFollow(follow: boolean): void {
  try {
    if (follow) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, 'light');
  } catch {
    // a browser that keeps nothing: the choice holds for this letter
  }
}
