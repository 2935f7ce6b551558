'use client';

import { useEffect } from 'react';
import type { ComposeRequest } from './compose/compose-request.ts';
import { hrefOf } from './mail-href.ts';
import { goTo } from './mail-location.ts';
import { mailtoRequest } from './letter/mailto-request.ts';

/** The browser's way to write to an address (settings): /mail?mailto=… */
export function useMailtoLink(compose: (request: ComposeRequest) => void): void {
  useEffect(() => {
    const mailto = new URLSearchParams(window.location.search).get('mailto');
    if (mailto === null) return;
    goTo(hrefOf({ folder: 'INBOX' }), 'replace');
    if (/^(web\+)?mailto:/i.test(mailto)) compose(mailtoRequest(mailto.replace(/^web\+/i, '')));
  }, [compose]);
}
