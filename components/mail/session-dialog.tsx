'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import type { MailProblem } from '#lib/webmail/reading/conversation-list.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { getMail, sessionBackEvent, sessionEndedEvent } from './mail-api.ts';

/** So long after the last key nobody is in the middle of a word, ms. */
const typingMs = 1200;

/**
 * The sign-in has ended, or is now somebody else's: asked for in place. The page stays as it is, with everything that was written, and the
 * question waits until nobody types: the rest of a word belongs into the letter, and a blank would press its button.
 */
export function SessionDialog({ onBack }: { onBack: () => void }) {
  const text = useTranslations('mail.session');
  const [ended, setEnded] = useState<MailProblem | null>(null);
  const back = useRef(onBack);
  back.current = onBack;
  useEffect(() => {
    let typedAt = Number.NEGATIVE_INFINITY;
    let timer: number | undefined;
    const type = () => {
      typedAt = performance.now();
    };
    const ask = (problem: MailProblem) => {
      clearTimeout(timer);
      const left = typedAt + typingMs - performance.now();
      if (left <= 0) setEnded(problem);
      else timer = window.setTimeout(() => ask(problem), left);
    };
    const end = (event: Event) => ask((event as CustomEvent<MailProblem>).detail);
    const begin = () => {
      clearTimeout(timer);
      setEnded(null);
      back.current();
    };
    window.addEventListener('keydown', type, true);
    window.addEventListener(sessionEndedEvent, end);
    window.addEventListener(sessionBackEvent, begin);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', type, true);
      window.removeEventListener(sessionEndedEvent, end);
      window.removeEventListener(sessionBackEvent, begin);
    };
  }, []);
  // Still not signed in: the request itself says so, and the dialog stays.
  const again = () => getMail('folders').catch(() => undefined);
  return (
    <Dialog open={ended !== null} onClose={() => setEnded(null)} title={ended?.title ?? ''}>
      <p className="mid">{ended?.code === 'OtherMailbox' ? ended.detail : text('text')}</p>
      <div className="dialog-buttons">
        <Button onClick={() => void again()}>{text('again')}</Button>
        <ButtonLink kind="primary" href="/sign-in" target="_blank" data-autofocus>
          {text('signIn')}
        </ButtonLink>
      </div>
    </Dialog>
  );
}
