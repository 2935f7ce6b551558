'use client';

import { useEffect, useState } from 'react';
import useSWR from 'swr';
import { sendMail } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';

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

/** Whether letters go dark with the page: a setting of the mailbox, the same for all letters that are open. */
export function useDarkLetters(): [boolean, (on: boolean) => Promise<void>] {
  const { settings } = useMail();
  const { data: on = settings.darkLetters, mutate } = useSWR<boolean>('dark-letters', null);
  const set = async (next: boolean): Promise<void> => {
    await mutate(next, { revalidate: false });
    await sendMail('settings', { darkLetters: next }, 'PATCH');
  };
  return [on, set];
}
