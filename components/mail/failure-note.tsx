'use client';

import { useTranslations } from 'next-intl';
import { Button } from '../ui/button.tsx';
import type { MailRequestError } from './mail-api.ts';

/** What went wrong, in words, and what to do next. */
export function FailureNote({ failure, onRetry, onClose }: { failure: MailRequestError; onRetry: () => void; onClose?: () => void }) {
  const text = useTranslations('mail');
  const { problem } = failure;
  const offline = problem.code === 'Offline' || !problem.title;
  return (
    <div className="empty" role="alert">
      <p className="say-s">{offline ? text('errors.Offline.title') : problem.title}</p>
      <p className="mid">{offline ? text('errors.Offline.detail') : problem.detail}</p>
      {problem.code === 'NotFound' && onClose ? (
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
  return (error) => {
    const problem = error instanceof Error && 'problem' in error ? (error as MailRequestError).problem : null;
    if (!problem?.title) return `${text('Offline.title')} ${text('Offline.detail')}`;
    return `${problem.title} ${problem.detail}`;
  };
};
