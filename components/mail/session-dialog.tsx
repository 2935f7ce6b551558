'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { getMail, sessionEndedEvent } from './mail-api.ts';

/** The sign-in has ended: asked for in place. The page stays as it is, with everything that was written. */
export function SessionDialog({ onBack }: { onBack: () => void }) {
  const text = useTranslations('mail.session');
  const [ended, setEnded] = useState(false);
  useEffect(() => {
    const end = () => setEnded(true);
    window.addEventListener(sessionEndedEvent, end);
    return () => window.removeEventListener(sessionEndedEvent, end);
  }, []);
  const again = async () => {
    try {
      await getMail('folders');
      setEnded(false);
      onBack();
    } catch {
      setEnded(true);
    }
  };
  return (
    <Dialog open={ended} onClose={() => setEnded(false)} title={text('title')}>
      <p className="mid">{text('text')}</p>
      <div className="dialog-buttons">
        <Button onClick={() => void again()}>{text('again')}</Button>
        <ButtonLink kind="primary" href="/sign-in" target="_blank" data-autofocus>
          {text('signIn')}
        </ButtonLink>
      </div>
    </Dialog>
  );
}
