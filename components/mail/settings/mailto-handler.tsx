'use client';

import { useTranslations } from 'next-intl';
import { Button } from '../../ui/button.tsx';

/** Asks the browser to open links to addresses here (HTML standard, registerProtocolHandler). The browser itself asks the person. */
export function MailtoHandler() {
  const text = useTranslations('panel.mailSettings');
  const register = () => navigator.registerProtocolHandler?.('mailto', `${window.location.origin}/mail?mailto=%s`);
  return (
    <div className="field">
      <span>
        <Button onClick={register}>{text('mailto')}</Button>
      </span>
      <p className="hint">{text('mailtoHint')}</p>
    </div>
  );
}
