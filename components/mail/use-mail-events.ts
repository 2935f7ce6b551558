'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import type { MailEvent } from '#lib/webmail/types.ts';
import { showToast } from '../ui/toast.tsx';

/** A browser has six connections to a host without HTTP/2; a page that nobody sees gives its one back after a minute. */
const hiddenMs = 60_000;
/** How often a window asks that gets no stream. */
const askMs = 30_000;

/** A refused stream does not say why: the same question, without waiting for news. */
async function isCrowded(folder: string): Promise<boolean> {
  const asked = new AbortController();
  const answer = await fetch(streamOf(folder), { signal: asked.signal }).catch(() => null);
  asked.abort();
  return answer?.status === 429;
}

const streamOf = (folder: string): string => `/api/mail/events?${new URLSearchParams({ folder })}`;

/**
 * Listens to what changes in the inbox and the open folder. The browser reconnects by itself. What happened while the stream was down, or
 * the page hidden for long, is found by asking again. Where the server has no stream for this window, or does not listen to its folder,
 * it asks every half minute and says so once.
 */
export function useMailEvents(folder: string, onEvent: (event: MailEvent) => void): void {
  const text = useTranslations('mail');
  const latest = useRef(onEvent);
  latest.current = onEvent;
  const said = useRef(false);
  const crowded = useRef(() => {});
  crowded.current = () => {
    if (!said.current) showToast({ text: text('list.crowded') });
    said.current = true;
  };
  useEffect(() => {
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let asking: ReturnType<typeof setInterval> | null = null;
    let opened = 0;
    const ask = () => {
      if (document.visibilityState === 'hidden') return;
      latest.current({ kind: 'changed', folder });
      if (!source || source.readyState === EventSource.CLOSED) connect();
    };
    const askNowAndThen = () => {
      asking ??= setInterval(ask, askMs);
    };
    const stopAsking = () => {
      if (asking) clearInterval(asking);
      asking = null;
    };
    const connect = () => {
      const stream = new EventSource(streamOf(folder));
      source = stream;
      stream.onopen = () => {
        stopAsking();
        opened += 1;
        if (opened > 1) latest.current({ kind: 'changed', folder });
      };
      // refused for good; while the network is away the browser tries again by itself
      stream.onerror = () => {
        if (stream.readyState !== EventSource.CLOSED || source !== stream) return;
        // a session that has ended says so itself with this question
        latest.current({ kind: 'changed', folder });
        if (asking === null) void isCrowded(folder).then((yes) => yes && crowded.current());
        askNowAndThen();
      };
      stream.onmessage = (message: MessageEvent<string>) => {
        const event = JSON.parse(message.data) as MailEvent;
        if (event.kind === 'crowded') {
          askNowAndThen();
          return crowded.current();
        }
        latest.current(event);
      };
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
      stopAsking();
      disconnect();
    };
  }, [folder]);
}
