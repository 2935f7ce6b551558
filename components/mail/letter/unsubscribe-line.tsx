'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { MessageReference, Unsubscribe } from '#lib/webmail/reading/mail-message.ts';
import { showToast } from '../../ui/toast.tsx';
import { useFailureWords } from '../failure-note.tsx';
import { sendMail } from '../mail-api.ts';

/** Off the list: by our server, by a letter, or on the sender's own page. */
export function UnsubscribeLine({ unsubscribe, reference }: { unsubscribe: Unsubscribe; reference: MessageReference }) {
  const text = useTranslations('mail.read.unsubscribe');
  const words = useFailureWords();
  const [state, setState] = useState<'open' | 'busy' | 'done'>('open');
  if (unsubscribe.how === 'page') {
    return (
      <a
        className="link"
        href={unsubscribe.href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        title={text('page', { where: unsubscribe.where })}
      >
        {text('action')}
      </a>
    );
  }
  const ask = async () => {
    setState('busy');
    try {
      await sendMail('unsubscribe', reference);
      setState('done');
      showToast({ text: text(unsubscribe.how === 'letter' ? 'doneLetter' : 'done', { where: unsubscribe.where }) });
    } catch (error) {
      setState('open');
      showToast({ text: text('failed', { why: words(error) }), seconds: 20 });
    }
  };
  if (state === 'done') return <span className="dim">{text('isDone')}</span>;
  return (
    <button
      type="button"
      className="link bare"
      aria-busy={state === 'busy' || undefined}
      title={text(unsubscribe.how === 'letter' ? 'letter' : 'oneClick', { where: unsubscribe.where })}
      onClick={() => (state === 'open' ? void ask() : undefined)}
    >
      {text('action')}
    </button>
  );
}
