'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import type { MailEvent } from '#lib/webmail/reading/conversation-list.ts';
import { showToast } from '../ui/toast.tsx';

/** A browser has six connections to a host without HTTP/2; a page that nobody sees gives its one back after a minute. */
const hiddenMs = 60_000;
/** How often a window asks that gets no stream. */
const askMs = 30_000;
/** The first try after a refusal; each further one waits twice as long, up to the same. */
const firstPauseMs = 2_000;
/** The server is heard of every 20 seconds; a stream that is silent for longer is broken without knowing. */
const silentMs = 50_000;

/** A refused stream does not say why: the same question, without waiting for news. */
async function isCrowded(folder: string): Promise<boolean> {
  const asked = new AbortController();
  const answer = await fetch(streamOf(folder), { signal: asked.signal }).catch(() => null);
  asked.abort();
  return answer?.status === 429;
}

const streamOf = (folder: string): string => `/api/mail/events?${new URLSearchParams({ folder })}`;

/**
 * Listens to what changes in the inbox and the open folder. A stream that broke, was refused or fell silent is opened anew. What happened
 * while it was down, or the page hidden for long, is found by asking again. Where the server has no stream for this window, or does not listen to its folder,
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
    let again: ReturnType<typeof setTimeout> | null = null;
    let opened = 0;
    let failures = 0;
    let heardAt = Date.now();
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
        failures = 0;
        heardAt = Date.now();
        if (opened > 1) latest.current({ kind: 'changed', folder });
      };
      // refused for good; while the network is away the browser tries again by itself
      stream.onerror = () => {
        if (stream.readyState !== EventSource.CLOSED || source !== stream) return;
        // a session that has ended says so itself with this question
        latest.current({ kind: 'changed', folder });
        if (asking === null) void isCrowded(folder).then((yes) => yes && crowded.current());
        failures += 1;
        again ??= setTimeout(
          () => {
            again = null;
            ask();
          },
          Math.min(askMs, firstPauseMs * 2 ** (failures - 1)),
        );
        askNowAndThen();
      };
      stream.addEventListener('beat', () => {
        heardAt = Date.now();
      });
      stream.onmessage = (message: MessageEvent<string>) => {
        heardAt = Date.now();
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
    const anew = () => {
      heardAt = Date.now();
      disconnect();
      connect();
    };
    const online = () => {
      if (source?.readyState !== EventSource.OPEN) anew();
    };
    const listen = setInterval(() => {
      const silent = source?.readyState === EventSource.OPEN && Date.now() - heardAt > silentMs;
      if (silent && document.visibilityState !== 'hidden') anew();
    }, 10_000);
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
      stopAsking();
      disconnect();
    };
  }, [folder]);
}
