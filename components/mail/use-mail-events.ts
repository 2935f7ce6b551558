'use client';

import { useEffect, useRef } from 'react';
import type { MailEvent } from '#lib/webmail/types.ts';

/** A browser has six connections to a host without HTTP/2; a page that nobody sees gives its one back after a minute. */
const hiddenMs = 60_000;

/**
 * Listens to what changes in the inbox and the open folder. The browser reconnects by itself. What happened while the stream was down, or
 * the page hidden for long, is found by asking again.
 */
export function useMailEvents(folder: string, onEvent: (event: MailEvent) => void): void {
  const latest = useRef(onEvent);
  latest.current = onEvent;
  useEffect(() => {
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let opened = 0;
    const connect = () => {
      source = new EventSource(`/api/mail/events?${new URLSearchParams({ folder })}`);
      source.onopen = () => {
        opened += 1;
        if (opened > 1) latest.current({ kind: 'changed', folder });
      };
      source.onmessage = (message: MessageEvent<string>) => latest.current(JSON.parse(message.data) as MailEvent);
    };
    const disconnect = () => {
      source?.close();
      source = null;
    };
    const watch = () => {
      if (timer) clearTimeout(timer);
      timer = null;
      if (document.visibilityState === 'hidden') timer = setTimeout(disconnect, hiddenMs);
      else if (!source || source.readyState === EventSource.CLOSED) connect();
    };
    watch();
    if (!source) connect();
    document.addEventListener('visibilitychange', watch);
    return () => {
      document.removeEventListener('visibilitychange', watch);
      if (timer) clearTimeout(timer);
      disconnect();
    };
  }, [folder]);
}
