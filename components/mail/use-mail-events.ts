'use client';

import { useEffect, useRef } from 'react';
import type { MailEvent } from '#lib/webmail/types.ts';

/** A browser has six connections to a host without HTTP/2; a page that nobody sees gives its one back after a minute. */
const hiddenMs = 60_000;
/** The server is heard of every 20 seconds; a stream that is silent for longer is broken without knowing. */
const silentMs = 50_000;
const firstPauseMs = 2_000;
const longestPauseMs = 60_000;

/**
 * Listens to what changes in the inbox and the open folder. A stream that broke, or fell silent, is opened anew. What happened while the stream was down, or
 * the page hidden for long, is found by asking again.
 */
export function useMailEvents(folder: string, onEvent: (event: MailEvent) => void): void {
  const latest = useRef(onEvent);
  latest.current = onEvent;
  useEffect(() => {
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let opened = 0;
    let failures = 0;
    let heardAt = Date.now();
    let again: ReturnType<typeof setTimeout> | null = null;
    const connect = () => {
      source = new EventSource(`/api/mail/events?${new URLSearchParams({ folder })}`);
      source.onopen = () => {
        opened += 1;
        failures = 0;
        heardAt = Date.now();
        if (opened > 1) latest.current({ kind: 'changed', folder });
      };
      source.onmessage = (message: MessageEvent<string>) => {
        heardAt = Date.now();
        latest.current(JSON.parse(message.data) as MailEvent);
      };
      source.addEventListener('beat', () => {
        heardAt = Date.now();
      });
      // The browser comes back by itself only where the connection broke; after an answer that was none it gives up.
      source.onerror = () => {
        if (source?.readyState === EventSource.CLOSED) connectLater();
      };
    };
    const connectLater = () => {
      disconnect();
      if (again) return;
      failures += 1;
      again = setTimeout(
        () => {
          again = null;
          if (!source && document.visibilityState !== 'hidden') connect();
        },
        Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1)),
      );
    };
    const listen = setInterval(() => {
      if (source && document.visibilityState !== 'hidden' && Date.now() - heardAt > silentMs) {
        heardAt = Date.now();
        connectLater();
      }
    }, 10_000);
    const online = () => {
      if (source?.readyState === EventSource.OPEN) return;
      disconnect();
      connect();
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
    window.addEventListener('online', online);
    return () => {
      document.removeEventListener('visibilitychange', watch);
      window.removeEventListener('online', online);
      clearInterval(listen);
      if (again) clearTimeout(again);
      if (timer) clearTimeout(timer);
      disconnect();
    };
  }, [folder]);
}
