'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { showToast } from '../ui/toast.tsx';
import type { ComposeRequest } from './compose/compose-request.ts';
import { lettersLeftBehind } from './compose/letters-left-behind.ts';
import { isAnyWaiting, letterSentEvent } from './compose/outbox.ts';

/** Once, when the page is there: the newest letter that was left behind is said. From then on, tells of letters that were sent. */
export function useStartUp(address: string, ready: boolean, compose: (request: ComposeRequest) => void, onSent: () => void): void {
  const text = useTranslations('mail');
  const said = useRef(false);
  const sent = useRef(onSent);
  sent.current = onSent;
  useEffect(() => {
    const listen = () => sent.current();
    window.addEventListener(letterSentEvent, listen);
    return () => window.removeEventListener(letterSentEvent, listen);
  }, []);
  useEffect(() => {
    if (!ready || said.current) return;
    said.current = true;
    void lettersLeftBehind(address).then(([letter]) => {
      // Not in place of a letter that can still be taken back.
      if (!letter || isAnyWaiting()) return;
      showToast({
        text: `${text('compose.unsent', { subject: letter.subject || text('list.noSubject') })}. ${text('compose.unsentText')}`,
        seconds: 60,
        undoLabel: text('compose.openUnsent'),
        undo: () => compose({ from: 'letter', letter }),
      });
    });
  }, [ready, address, compose, text]);
}
