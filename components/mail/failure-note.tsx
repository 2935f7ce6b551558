'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { Button } from '../ui/button.tsx';
import type { MailRequestError } from './mail-api.ts';
import { hrefOf } from './mail-href.ts';
import { goTo } from './mail-location.ts';

interface Props {
  failure: MailRequestError;
  onRetry: () => void;
  onClose?: () => void;
  /** what was asked for is a folder, not a message */
  folder?: boolean;
}

/** What went wrong, in words, and what to do next. */
export function FailureNote({ failure, onRetry, onClose, folder }: Props) {
  const text = useTranslations('mail');
  const { problem } = failure;
  const code = problem.code === 'Offline' || !problem.title ? 'Offline' : folder && problem.code === 'NotFound' ? 'NoFolder' : null;
  return (
    <div className="empty" role="alert">
      <p className="say-s">{code ? text(`errors.${code}.title`) : problem.title}</p>
      <p className="mid">{code ? text(`errors.${code}.detail`) : problem.detail}</p>
      {code === 'NoFolder' ? (
        <Button onClick={() => goTo(hrefOf({ folder: 'INBOX' }), 'replace')}>{text('errors.toInbox')}</Button>
      ) : problem.code === 'NotFound' && onClose ? (
        <Button onClick={onClose}>{text('actions.back')}</Button>
      ) : (
        <Button onClick={onRetry}>{text('errors.retry')}</Button>
      )}
    </div>
  );
}

/** One line for a toast. */
export const useFailureWords = (): ((error: unknown) => string) => {
  const text = useTranslations('mail.errors');
  return useCallback(
    (error) => {
      const problem = error instanceof Error && 'problem' in error ? (error as MailRequestError).problem : null;
      if (!problem?.title) return `${text('Offline.title')} ${text('Offline.detail')}`;
      return `${problem.title} ${problem.detail}`;
    },
    [text],
  );
};
