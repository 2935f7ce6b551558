'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** Tells the server in which time zone the person lives, so that pages say times as their clock does. `chosen`: in the settings; empty: the browser's. */
export function ZoneCookie({ chosen }: { chosen: string }): null {
  const router = useRouter();
  useEffect(() => {
    const zone = encodeURIComponent(chosen || Intl.DateTimeFormat().resolvedOptions().timeZone || '');
    if (zone === '' || document.cookie.split('; ').includes(`zone=${zone}`)) return;
    // biome-ignore lint/suspicious/noDocumentCookie: CookieStore is not in all browsers
    document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;
    router.refresh();
  }, [chosen, router]);
  return null;
}
