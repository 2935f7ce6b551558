'use client';

import { useEffect, useRef } from 'react';
import type { MailEvent } from '#lib/webmail/types.ts';

/** Listens to what changes in the inbox and the open folder. The browser reconnects by itself; `onReady` says it is connected. */
export function useMailEvents(folder: string, onEvent: (event: MailEvent) => void): void {
  const latest = useRef(onEvent);
  latest.current = onEvent;
  useEffect(() => {
    const source = new EventSource(`/api/mail/events?${new URLSearchParams({ folder })}`);
    let opened = 0;
    source.onopen = () => {
      opened += 1;
      // What happened while the stream was down is found by asking again.
      if (opened > 1) latest.current({ kind: 'changed', folder });
    };
    source.onmessage = (message: MessageEvent<string>) => latest.current(JSON.parse(message.data) as MailEvent);
    return () => source.close();
  }, [folder]);
}
