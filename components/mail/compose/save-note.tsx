'use client';

import { useTranslations } from 'next-intl';
import { classes } from '../../ui/classes.ts';
import { useMailDates } from '../dates.ts';
import { useFailureWords } from '../failure-note.tsx';
import type { DraftStatus } from './use-draft.ts';

/** Where the letter is kept by now. */
export function SaveNote({ status }: { status: DraftStatus }) {
  const words = useFailureWords();
  const text = useTranslations('mail.compose');
  const dates = useMailDates();
  const sentence = {
    untouched: () => '',
    local: () => text('savedLocally'),
    saving: () => text('saving'),
    saved: () => (status.kind === 'saved' ? text('savedAt', { time: dates.time(status.at) }) : ''),
    failed: () => (status.kind === 'failed' ? text('saveFailed', { why: words(status.error) }) : ''),
  }[status.kind]();
  return (
    <span
      className={classes('save-note dim cut', status.kind === 'failed' && 'bad')}
      role={status.kind === 'failed' ? 'alert' : undefined}
      title={sentence}
    >
      {sentence}
    </span>
  );
}
